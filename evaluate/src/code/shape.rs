//! How alike two pieces of code are built.

use super::kinds::PLAIN;
use super::syntax::Syntax;
use crate::similarity::{Bag, cosine};
use crate::words::{Word, words};

/// The likeness of two syntax trees, 0..=1: the cosine over single kinds of nodes, pairs and triples in the order of the
/// text, as in n-gram fingerprints of code. Names do not matter.
pub fn tree_likeness(one: &Syntax, other: &Syntax) -> f64 {
    cosine(&grams(&one.kinds), &grams(&other.kinds))
}

fn grams(kinds: &[String]) -> Bag {
    let mut bag = Bag::new();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| !kind.contains("comment")).collect();
    for size in 1..=3 {
        for gram in kinds.windows(size) {
            *bag.entry(gram.join(" ")).or_default() += 1.0;
        }
    }
    bag
}

/// The likeness of two pieces of code by all their words and pairs of words, 0..=1; for code without a grammar.
pub fn word_likeness(one: &str, other: &str) -> f64 {
    let bag = |code: &str| {
        let words: Vec<Word> = words(code);
        let mut bag = Bag::new();
        for size in 1..=2 {
            for gram in words.windows(size) {
                let gram: Vec<&str> = gram.iter().map(|word| word.raw.as_str()).collect();
                *bag.entry(gram.join(" ")).or_default() += 1.0;
            }
        }
        bag
    };
    cosine(&bag(one), &bag(other))
}

/// How near the counts of functions, returns, loops, branches and calls are, 0..=1.
pub fn profile_likeness(one: &Syntax, other: &Syntax) -> f64 {
    let profile = |syntax: &Syntax| {
        let repeats = syntax.loops + usize::from(syntax.recursion);
        [
            syntax.functions.min(1),
            syntax.returns,
            repeats,
            syntax.loop_depth.max(usize::from(syntax.recursion)),
            syntax.branches,
            syntax.used.len(),
            syntax.kinds.len(),
        ]
    };
    let near = |(a, b): (usize, usize)| 1.0 - a.abs_diff(b) as f64 / a.max(b).max(1) as f64;
    let (one, other) = (profile(one), profile(other));
    one.into_iter().zip(other).map(near).sum::<f64>() / one.len() as f64
}

/// The tree in words, for key points: `dictionary`, `for`, `conditional`, `lambda`, each as often as it occurs.
pub fn words_of_kinds(syntax: &Syntax) -> String {
    let parts = syntax.kinds.iter().flat_map(|kind| kind.split('_'));
    parts.filter(|part| !PLAIN.contains(part)).collect::<Vec<_>>().join(" ")
}
