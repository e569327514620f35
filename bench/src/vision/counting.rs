//! How often faces are counted right.

use anyhow::Result;
use proctor::{observation::Look, vision::Eye};

use super::conditions::{Condition, Truth};

/// What came out under one condition.
pub struct Outcome {
    pub name: &'static str,
    pub is_usable: bool,
    pub scenes: usize,
    /// Scenes with the count that is true, or rightly judged as unclear.
    pub right: usize,
    /// Scenes of which nothing could be told.
    pub unclear: usize,
    /// Faces that are there, that were seen of those, and that were seen without being there.
    pub there: usize,
    pub seen: usize,
    pub invented: usize,
    /// Scenes with a face in which none was seen, though the picture passed as clear.
    pub missed: usize,
    /// Scenes in which more faces were seen than there are.
    pub alarms: usize,
}

/// Examines all pictures of a condition, each by itself.
pub fn count(eye: &mut Eye, condition: &Condition) -> Result<Outcome> {
    let mut outcome = Outcome {
        name: condition.name,
        is_usable: condition.is_usable,
        scenes: condition.scenes,
        right: 0,
        unclear: 0,
        there: 0,
        seen: 0,
        invented: 0,
        missed: 0,
        alarms: 0,
    };
    for index in 0..condition.scenes {
        let (canvas, truth) = condition.scene(index);
        let look = eye.examine(canvas.picture().frame()?)?.look;
        let is_right = match (look, truth) {
            (Look::Clear { faces, .. }, Truth::Faces(there) | Truth::FacesOrUnclear(there)) => faces == there,
            (Look::CannotTell(_), truth) => !matches!(truth, Truth::Faces(_)),
            (Look::Clear { .. }, Truth::Unclear) => false,
        };
        let there = usize::from(match truth {
            Truth::Faces(there) | Truth::FacesOrUnclear(there) => there,
            Truth::Unclear => 0,
        });
        let seen = match look {
            Look::Clear { faces, .. } => usize::from(faces),
            Look::CannotTell(_) => 0,
        };
        outcome.right += usize::from(is_right);
        outcome.unclear += usize::from(matches!(look, Look::CannotTell(_)));
        outcome.there += there;
        outcome.seen += seen.min(there);
        outcome.invented += seen.saturating_sub(there);
        outcome.alarms += usize::from(seen > there);
        outcome.missed += usize::from(there > 0 && matches!(look, Look::Clear { faces: 0, .. }));
        if !is_right && std::env::var_os("VISION_VERBOSE").is_some() {
            println!("  {}, scene {index}: {truth:?}, but {look:?}", condition.name);
        }
    }
    Ok(outcome)
}

/// Prints a table.
pub fn print(title: &str, outcomes: &[Outcome]) {
    println!("\n{:<38} {:>7} {:>8} {:>8} {:>8} {:>10}", title, "scenes", "right", "unclear", "recall", "precision");
    for outcome in outcomes {
        let share = |part: usize, whole: usize| {
            if whole == 0 { String::new() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
        };
        println!(
            "{:<38} {:>7} {:>8} {:>8} {:>8} {:>10}",
            outcome.name,
            outcome.scenes,
            share(outcome.right, outcome.scenes),
            outcome.unclear,
            share(outcome.seen, outcome.there),
            share(outcome.seen, outcome.seen + outcome.invented),
        );
    }
}
