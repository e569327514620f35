//! Correctness of code, as far as reading tells: whether it parses, the key points, the likeness to the reference.

use std::collections::BTreeSet;

use super::reading::Reading;
use super::shape::{profile_likeness, tree_likeness};
use super::syntax::Syntax;
use crate::verdict::{Criterion, quotes, ramp};
use crate::words::words;

const NEUTRAL: f64 = 0.5;

pub fn judge(reading: &Reading) -> Criterion {
    let coverage = reading.coverage.weighted().map(|coverage| ramp(coverage, 0.0, 0.85));
    let likeness = reading.reference.as_ref().map(|reference| {
        let tree = tree_likeness(&reading.syntax, reference);
        let profile = profile_likeness(&reading.syntax, reference);
        let used = used_again(reading, reference);
        // Other loops inside loops than the reference needs: another, mostly slower way.
        let deeper = reading.syntax.loop_depth > reference.loop_depth.max(1);
        let same = 0.4 * ramp(tree, 0.15, 0.75) + 0.3 * ramp(profile, 0.3, 0.85) + 0.3 * used;
        (if deeper { 0.8 * same } else { same }, deeper)
    });
    let likeness = likeness.or(reading.word_likeness.map(|likeness| (ramp(likeness, 0.1, 0.7), false)));
    let mut parts = vec![parsing(reading)];
    if coverage.is_some() {
        parts.push(reading.coverage.sentence());
    }
    if let Some((likeness, deeper)) = likeness {
        parts.push(format!("likeness to the reference: {likeness:.2} of 1"));
        if deeper {
            parts.push("loops inside more loops than in the reference".to_owned());
        }
    }
    let share = match (coverage, likeness) {
        (Some(coverage), Some((likeness, _))) => 0.4 * coverage + 0.6 * likeness,
        (Some(coverage), None) => coverage,
        (None, Some((likeness, _))) => likeness,
        (None, None) => {
            parts.push("the rest could not be judged without key points or a reference".to_owned());
            NEUTRAL
        }
    };
    Criterion::new(share * reading.gate(), format!("It {}.", parts.join("; ")), quotes(telling(reading)))
}

fn parsing(reading: &Reading) -> String {
    let parses = match (reading.syntax.language, reading.syntax.misplaced_share()) {
        (None, _) => return "was not parsed".to_owned(),
        (Some(language), _) if !reading.syntax.is_parsed() => return format!("was not parsed as {language}"),
        (Some(language), 0.0) if reading.syntax.misplaced == 0 => format!("parses as {language}"),
        (Some(language), share) => format!("does not parse as {language} ({:.0} % misplaced)", 100.0 * share),
    };
    if reading.lacks_function() { parses + "; has no function" } else { parses }
}

/// The share of what the reference calls, constructs and writes as literals that the answer has too. What the question
/// names itself counts half.
fn used_again(reading: &Reading, reference: &Syntax) -> f64 {
    let answer: BTreeSet<&str> = reading.words.iter().map(|word| word.stem.as_str()).collect();
    let literals: BTreeSet<&str> = reading.syntax.literals.iter().map(String::as_str).collect();
    let (mut found, mut all) = (0.0, 0.0);
    let used: BTreeSet<&String> = reference.used.iter().collect();
    for name in used {
        for word in words(name).iter().filter(|word| word.raw.len() > 1) {
            let weight = if reading.topic.question.contains(&word.stem) { 0.5 } else { 1.0 };
            all += weight;
            found += if answer.contains(word.stem.as_str()) { weight } else { 0.0 };
        }
    }
    let wanted: BTreeSet<&String> = reference.literals.iter().collect();
    for literal in wanted {
        all += 0.5;
        found += if literals.contains(literal.as_str()) { 0.5 } else { 0.0 };
    }
    // A reference that uses nothing of the library says nothing about what to use.
    if all == 0.0 { ramp(profile_likeness(&reading.syntax, reference), 0.3, 0.85) } else { found / all }
}

/// Lines with words of the key points.
fn telling<'a>(reading: &'a Reading) -> impl Iterator<Item = &'a str> {
    let stems: BTreeSet<&str> = reading.topic.points.iter().flat_map(|point| point.stems()).collect();
    reading.source.code.lines().filter(move |line| words(line).iter().any(|word| stems.contains(word.stem.as_str())))
}
