//! Words: where they stand, their stems, and what they are for. Prose and code alike.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::function_words::{is_function_word, is_negation};

/// Longer words are cut: no word of a language is longer, and comparing would take long.
const LONGEST: usize = 40;

/// A word or a part of a compound one: `clearTimeout` and `max_size` are two words each.
#[derive(Debug, Clone)]
pub struct Word {
    /// Where it begins, in bytes.
    pub start: usize,
    /// In lower case.
    pub raw: String,
    /// By Porter's English stemmer (Snowball), British endings taken for American ones.
    pub stem: String,
    /// The parts of a text between commas, colons and such, counted.
    pub clause: usize,
    pub function: bool,
    pub negation: bool,
}

impl Word {
    /// Whether it carries meaning of its own.
    pub fn is_content(&self) -> bool {
        !self.function && self.raw.chars().nth(1).is_some()
    }
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut words: Vec<Word> = Vec::new();
    let mut clause = 0;
    let mut previous = 0;
    for (start, compound) in text.unicode_word_indices() {
        if text[previous..start].contains([',', ';', ':', '(', ')', '—', '.', '!', '?', '\n']) {
            clause += 1;
        }
        previous = start + compound.len();
        for (from, to) in parts(compound) {
            let raw: String = compound[from..to].chars().take(LONGEST).collect::<String>().to_lowercase();
            let raw = raw.replace('’', "'");
            clause += usize::from(raw == "but");
            let negation = is_negation(&raw);
            let function = negation || is_function_word(&raw);
            let stem = stemmer.stem(&american(&raw)).into_owned();
            words.push(Word { start: start + from, raw, stem, clause, function, negation });
        }
    }
    words
}

/// The parts of a compound word, as byte ranges: at `_` and `.`, and before a capital that follows a small letter.
fn parts(compound: &str) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut after_small = false;
    for (index, c) in compound.char_indices() {
        let separator = matches!(c, '_' | '.' | ':');
        if separator || (after_small && c.is_uppercase()) {
            parts.push((start, index));
            start = if separator { index + c.len_utf8() } else { index };
        }
        after_small = c.is_lowercase();
    }
    parts.push((start, compound.len()));
    parts.retain(|(from, to)| from < to);
    parts
}

/// `serialise` → `serialize`, `behaviour` → `behavior`. Both sides of every comparison go through it, so that it does no harm
/// to the few words that have such an ending and are no British spelling.
fn american(word: &str) -> String {
    for (british, american) in [
        ("isations", "izations"),
        ("isation", "ization"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("iser", "izer"),
        ("ising", "izing"),
        ("ise", "ize"),
        ("yse", "yze"),
        ("ours", "ors"),
        ("our", "or"),
    ] {
        if word.len() >= british.len() + 3
            && let Some(root) = word.strip_suffix(british)
        {
            return format!("{root}{american}");
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn forms_and_spellings_of_a_word_share_a_stem() {
        assert_eq!(stems("serialise"), stems("serialized"));
        assert_eq!(stems("caches"), stems("caching"));
        assert_eq!(stems("behaviour"), stems("behaviors"));
        assert_ne!(stems("index"), stems("insert"));
    }

    #[test]
    fn compound_identifiers_are_several_words_and_know_their_place() {
        let found: Vec<_> = words("  clearTimeout(max_size)").into_iter().map(|word| (word.start, word.raw)).collect();
        let expected = [(2, "clear"), (7, "timeout"), (15, "max"), (19, "size")];
        assert_eq!(found, expected.map(|(start, raw)| (start, raw.to_owned())));
    }

    #[test]
    fn negations_are_told_from_other_words() {
        let negations: Vec<_> = words("It isn’t and never was a lock").iter().map(|word| word.negation).collect();
        assert_eq!(negations, [false, true, false, true, false, false, false]);
    }
}
