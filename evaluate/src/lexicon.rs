//! The words that an answer is compared with, and what is taken for one of them: typing errors and derived forms.

use std::collections::{BTreeMap, BTreeSet};

use crate::words::Word;

/// Comparisons of one answer; past that, only what is spelt right is recognised.
const COMPARISONS: usize = 20_000;

/// The words of question, key points and reference.
#[derive(Debug, Default)]
pub struct Lexicon {
    stems: BTreeSet<String>,
    /// By first letter: a word as written and its stem.
    forms: BTreeMap<char, BTreeMap<String, String>>,
}

impl Lexicon {
    pub fn add(&mut self, words: &[Word]) {
        for word in words.iter().filter(|word| word.is_content()) {
            self.stems.insert(word.stem.clone());
            if let Some(first) = word.raw.chars().next() {
                self.forms.entry(first).or_default().insert(word.raw.clone(), word.stem.clone());
            }
        }
    }

    /// Gives words that are nearly one of the lexicon's that one's stem. Returns how many of them looked mistyped.
    ///
    /// Mistyped: the same first letter, and at most one slip (Damerau–Levenshtein, optimal string alignment) in words of six
    /// letters and more, two from nine letters on. Derived: one stem is the other's beginning (`synchron`, `synchronis`).
    pub fn adopt(&self, words: &mut [Word]) -> usize {
        let mut known: BTreeMap<String, Option<(String, bool)>> = BTreeMap::new();
        let mut budget = COMPARISONS;
        let mut mistyped = 0;
        for word in words.iter_mut().filter(|word| word.is_content() && word.raw.len() > 4) {
            if self.stems.contains(&word.stem) {
                continue;
            }
            let found = match known.get(&word.raw) {
                Some(found) => found.clone(),
                None => {
                    let found = self.nearest(word, &mut budget);
                    known.insert(word.raw.clone(), found.clone());
                    found
                }
            };
            if let Some((stem, typo)) = found {
                word.stem = stem;
                mistyped += usize::from(typo);
            }
        }
        mistyped
    }

    /// The stem of the nearest form, and whether the word looked mistyped.
    fn nearest(&self, word: &Word, budget: &mut usize) -> Option<(String, bool)> {
        let forms = self.forms.get(&word.raw.chars().next()?)?;
        let derived = forms.values().find(|stem| is_derived(stem, &word.stem));
        if let Some(stem) = derived {
            return Some((stem.clone(), false));
        }
        let mut nearest: Option<(usize, &String)> = None;
        for (form, stem) in forms {
            let longer = form.len().max(word.raw.len());
            let slips = if longer >= 9 { 2 } else { usize::from(longer >= 6) };
            if form.len().abs_diff(word.raw.len()) > slips || slips == 0 || *budget == 0 {
                continue;
            }
            *budget -= 1;
            let distance = strsim::osa_distance(form, &word.raw);
            if distance <= slips && nearest.is_none_or(|(best, _)| distance < best) {
                nearest = Some((distance, stem));
            }
        }
        nearest.map(|(_, stem)| (stem.clone(), true))
    }
}

fn is_derived(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.len() >= 6 && long.len() - short.len() <= 4 && long.starts_with(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn adopted(known: &str, written: &str) -> String {
        let mut lexicon = Lexicon::default();
        lexicon.add(&words(known));
        let mut found = words(written);
        lexicon.adopt(&mut found);
        found.remove(0).stem
    }

    #[test]
    fn slips_are_forgiven_in_long_words_only() {
        assert_eq!(adopted("database", "databse"), adopted("database", "database"));
        assert_ne!(adopted("lock", "look"), adopted("lock", "lock"));
        assert_ne!(adopted("insert", "assert"), adopted("insert", "insert"));
    }

    #[test]
    fn derived_words_meet() {
        assert_eq!(adopted("synchronisation", "synchronized"), adopted("synchronisation", "synchronisation"));
    }
}
