//! How far apart one person's pictures lie, and different people's.

use std::path::Path;

use anyhow::{Context, Result};
use proctor::vision::{Embedder, Embedding, Eye, OTHER, SAME};

use super::canvas::Canvas;
use super::conditions;
use super::photos::Photos;
use super::scene::{HEIGHT, Placement, WIDTH};
use crate::random::Random;

/// Cosines of the embeddings of pairs of pictures, the smallest first.
pub struct Cosines {
    /// The same face of one photograph, seen twice under other conditions.
    pub same: Vec<f32>,
    /// Faces of different people.
    pub other: Vec<f32>,
}

/// Pictures of each face.
const VARIANTS: usize = 6;

/// Embeds every face but profiles as a camera might see it, under several conditions.
pub fn cosines(eye: &mut Eye, embedder: &Embedder, photos: &Photos) -> Result<Cosines> {
    let mut people: Vec<(usize, Vec<Embedding>)> = Vec::new();
    for (photograph, (photo, labels)) in photos.people.iter().enumerate() {
        for (index, label) in labels.iter().enumerate().filter(|(_, label)| !label.is_profile) {
            let mut embeddings = Vec::new();
            for variant in 0..VARIANTS {
                let mut random = Random::of(400_000 + photograph * 1_000 + index * 10 + variant);
                let mut canvas = Canvas::plain(WIDTH, HEIGHT, [110.0, 105.0, 100.0]);
                let place = conditions::seated(&mut random);
                Placement { is_mirrored: false, ..place }.draw(&mut canvas, photo, label);
                vary(&mut canvas, variant, &mut random);
                let picture = canvas.picture();
                let seen = eye.examine(picture.frame()?)?;
                if let Some(face) = seen.faces.first() {
                    embeddings.push(embedder.embed(picture.frame()?, face)?);
                }
            }
            people.push((photograph, embeddings));
        }
    }
    let mut cosines = Cosines { same: Vec::new(), other: Vec::new() };
    for (index, (photograph, embeddings)) in people.iter().enumerate() {
        for (number, one) in embeddings.iter().enumerate() {
            cosines.same.extend(embeddings[number + 1..].iter().map(|other| one.cosine(other)));
            for (another, others) in &people[index + 1..] {
                // Only people of one photograph are known to be different ones, and those that were photographed alone.
                let is_alone = |photograph: usize| photos.people[photograph].1.len() == 1;
                if photograph == another || is_alone(*photograph) || is_alone(*another) {
                    cosines.other.extend(others.iter().map(|other| one.cosine(other)));
                }
            }
        }
    }
    cosines.same.sort_by(f32::total_cmp);
    cosines.other.sort_by(f32::total_cmp);
    Ok(cosines)
}

fn vary(canvas: &mut Canvas, variant: usize, random: &mut Random) {
    match variant {
        1 => canvas.light([0.4; 3]),
        2 => canvas.light([1.5; 3]),
        3 => canvas.light([1.15, 0.85, 0.5]),
        4 => canvas.light([0.5, 0.65, 0.9]),
        5 => canvas.blur(1),
        _ => {}
    }
    canvas.noise(4.0, random);
}

impl Cosines {
    pub fn print(&self) {
        println!(
            "\n{:<24} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
            "cosine of embeddings", "pairs", "least", "1 %", "median", "99 %", "most"
        );
        for (name, values) in [("one person", &self.same), ("different people", &self.other)] {
            let at = |share: f64| quantile(values, share);
            println!(
                "{name:<24} {:>7} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3}",
                values.len(),
                at(0.0),
                at(0.01),
                at(0.5),
                at(0.99),
                at(1.0)
            );
        }
        let (same, unclear, wrong) = shares(&self.same, |cosine| cosine >= SAME, |cosine| cosine < OTHER);
        println!(
            "one person:       {same:.1} % same, {unclear:.1} % cannot tell, {wrong:.1} % taken for different people"
        );
        let (other, unclear, wrong) = shares(&self.other, |cosine| cosine < OTHER, |cosine| cosine >= SAME);
        println!("different people: {other:.1} % other, {unclear:.1} % cannot tell, {wrong:.1} % taken for one person");
        println!("  from {SAME} on faces count as one person's, below {OTHER} as different people's");
    }

    /// Percent of pairs on which the answer is wrong, for one person and for different people.
    pub fn wrong(&self) -> (f64, f64) {
        let never = |_| false;
        (shares(&self.same, never, |cosine| cosine < OTHER).2, shares(&self.other, never, |cosine| cosine >= SAME).2)
    }
}

/// Percent that are right, neither, and wrong.
fn shares(values: &[f32], right: impl Fn(f32) -> bool, wrong: impl Fn(f32) -> bool) -> (f64, f64, f64) {
    let percent = |count: usize| 100.0 * count as f64 / values.len().max(1) as f64;
    let right = percent(values.iter().filter(|value| right(**value)).count());
    let wrong = percent(values.iter().filter(|value| wrong(**value)).count());
    (right, 100.0 - right - wrong, wrong)
}

fn quantile(sorted: &[f32], share: f64) -> f32 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}

/// The embedder of `target/models`.
pub fn embedder(models: &Path) -> Result<Embedder> {
    let file = models.join("faceres.onnx");
    Ok(Embedder::new(std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?)?)
}
