//! Depth of code: cases handled, errors, types, documentation, and as much of it as the task needs.

use super::reading::Reading;
use crate::verdict::{Criterion, quotes, ramp, unit};

/// Syntax nodes of a function of some ten lines.
const SOLID: f64 = 60.0;

pub fn judge(reading: &Reading, relevant: f64) -> Criterion {
    let syntax = &reading.syntax;
    let reference = reading.reference.as_ref();
    let enough = reference.map_or(SOLID, |reference| 0.8 * reference.kinds.len() as f64);
    let size = unit(syntax.kinds.len() as f64 / enough.max(1.0));
    let cases = reference.map_or(2.0, |reference| reference.branches.max(1) as f64);
    let cases = unit((syntax.branches + syntax.error_handling) as f64 / cases);
    let said = if syntax.comments > 0 || !reading.source.prose.trim().is_empty() { 1.0 } else { 0.0 };
    let works = usize::from(syntax.returns > 0) + usize::from(syntax.loops > 0 || syntax.recursion);
    let works = works as f64 / 2.0;

    // What was not measured counts neither way.
    let measured = 0.3 * size + 0.25 * cases + 0.25 * works;
    let aside = 0.2 * said + if syntax.is_parsed() { measured } else { 0.4 };
    let share = match reading.coverage.weighted() {
        Some(coverage) => 0.4 * ramp(coverage, 0.0, 0.8) + 0.6 * aside * ramp(relevant, 0.0, 0.5),
        None => aside * ramp(relevant, 0.0, 0.5),
    };
    let sentence = if !syntax.is_parsed() {
        "Its structure was not measured.".to_owned()
    } else {
        format!(
            "It has {}, {}, {} and {}.",
            count(syntax.functions, "function"),
            count(syntax.branches, "branch case"),
            count(syntax.loops, "loop") + if syntax.recursion { " with recursion" } else { "" },
            count(syntax.comments, "comment"),
        )
    };
    let comments = reading.source.code.lines().filter(|line| {
        let line = line.trim_start();
        ["//", "#", "/*", "*", "\"\"\"", "--"].iter().any(|mark| line.starts_with(mark))
            && !line.starts_with("#include")
    });
    Criterion::new(share * reading.gate(), sentence, quotes(comments))
}

fn count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
