//! Depth: breadth, length up to a point, and signs of thinking it through.

use super::Reading;
use crate::passage::Sentence;
use crate::verdict::{Criterion, quotes, ramp, unit};

/// Signs, each kind of which counts once, in lower case with the spaces around them.
const SIGNS: [(&str, &[&str]); 5] = [
    (
        "reasons",
        &[" because ", " since ", " so that ", " therefore ", " hence ", " due to ", " that's why ", " reason "],
    ),
    (
        "examples",
        &[" for example", " for instance", " e.g.", " such as ", " say ", " for one ", " typically ", "example "],
    ),
    (
        "trade-offs",
        &[
            " trade-off",
            " tradeoff",
            " however",
            " although ",
            " though",
            " on the other hand",
            " cost",
            " price",
            " downside",
            " drawback",
            " at the expense",
            " unless ",
            " but ",
            " whereas ",
        ],
    ),
    ("cases", &[" if ", " when ", " otherwise", " in case ", " depends ", " except ", " edge case", " until "]),
    (
        "order",
        &[" first", " then ", " afterwards", " finally", " before ", " after ", " meanwhile", " in the meantime"],
    ),
];

/// Content words from which a longer answer is not deeper.
const LONG: f64 = 70.0;

pub fn judge(reading: &Reading, relevant: f64) -> Criterion {
    let passage = reading.passage;
    let content = passage.counted_words().filter(|word| word.is_content()).count();
    let length = unit(content as f64 / LONG).sqrt();
    let numbers = passage.counted_words().any(|word| word.raw.starts_with(|c: char| c.is_ascii_digit()));

    let mut kinds: Vec<&str> = Vec::new();
    let mut telling: Vec<&str> = Vec::new();
    for (kind, signs) in SIGNS {
        if let Some(sentence) = passage.counted().find(|sentence| has_sign(sentence, signs)) {
            kinds.push(kind);
            telling.push(sentence.text);
        }
    }
    if numbers {
        kinds.push("figures");
    }
    let thinking = ramp(kinds.len() as f64, 0.0, 4.0);

    let aside = 0.45 * length + 0.55 * thinking;
    let share = match reading.coverage.weighted() {
        Some(coverage) => 0.5 * ramp(coverage, 0.0, 0.8) + 0.5 * aside * ramp(coverage.max(relevant / 2.0), 0.0, 0.5),
        None => aside * ramp(relevant, 0.1, 0.7),
    };
    let signs = if kinds.is_empty() { "no reasons, examples or cases".to_owned() } else { kinds.join(", ") };
    let (made, all) = reading.coverage.made();
    let breadth = if all > 0 { format!("{made} of {all} key points, ") } else { String::new() };
    let sentence = format!("{breadth}{content} content words; shows: {signs}.");
    Criterion::new(share * reading.substance.factor(), sentence, quotes(telling))
}

fn has_sign(sentence: &Sentence, signs: &[&str]) -> bool {
    let lower = format!(" {} ", sentence.text.to_lowercase().replace([',', '(', '\n'], " "));
    signs.iter().any(|sign| lower.contains(sign))
}
