//! An answer in prose, taken apart: its words, its sentences, and which of them count.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::guards;
use crate::lexicon::Lexicon;
use crate::sentences::sentences;
use crate::words::{Word, words};

/// Characters of an answer that are looked at. Some four thousand words; candidates write far less.
pub const LOOKED_AT: usize = 20_000;

/// The part of an answer that is looked at.
pub fn looked_at(answer: &str) -> &str {
    answer.char_indices().nth(LOOKED_AT).map_or(answer, |(end, _)| &answer[..end])
}

/// Whether a sentence counts, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Counts,
    /// It says little that the question does not say.
    RepeatsQuestion,
    /// An earlier sentence says nearly the same words.
    RepeatsItself,
    /// It asks for a score instead of answering.
    AddressesJudge,
}

#[derive(Debug)]
pub struct Sentence<'a> {
    pub text: &'a str,
    /// Indices of its words.
    pub words: Range<usize>,
    pub standing: Standing,
}

#[derive(Debug)]
pub struct Passage<'a> {
    pub text: &'a str,
    pub words: Vec<Word>,
    pub sentences: Vec<Sentence<'a>>,
    /// Words that are nearly one of the rubric's.
    pub mistyped: usize,
}

impl<'a> Passage<'a> {
    /// `question` holds the stems of the question's content words.
    pub fn new(text: &'a str, question: &BTreeSet<String>, lexicon: &Lexicon) -> Self {
        let mut words = words(text);
        let mistyped = lexicon.adopt(&mut words);
        let mut next = 0;
        let mut parts = Vec::new();
        for (start, end) in sentences(text) {
            let first = next;
            while words.get(next).is_some_and(|word| word.start < end) {
                next += 1;
            }
            parts.push(Sentence { text: &text[start..end], words: first..next, standing: Standing::Counts });
        }
        guards::judge_sentences(&mut parts, &words, question);
        Self { text, words, sentences: parts, mistyped }
    }

    /// Sentences that count.
    pub fn counted(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.sentences.iter().filter(|sentence| sentence.standing == Standing::Counts)
    }

    /// The words of the sentences that count.
    pub fn counted_words(&self) -> impl Iterator<Item = &Word> {
        self.counted().flat_map(|sentence| &self.words[sentence.words.clone()])
    }

    /// For each word its sentence, if that counts.
    pub fn sentence_of_words(&self) -> Vec<Option<usize>> {
        let mut of = vec![None; self.words.len()];
        for (index, sentence) in self.sentences.iter().enumerate() {
            if sentence.standing == Standing::Counts {
                of[sentence.words.clone()].fill(Some(index));
            }
        }
        of
    }

    pub fn has(&self, standing: Standing) -> bool {
        self.sentences.iter().any(|sentence| sentence.standing == standing)
    }
}

/// The stems of a text's content words.
pub fn content_stems(words: &[Word]) -> BTreeSet<String> {
    words.iter().filter(|word| word.is_content()).map(|word| word.stem.clone()).collect()
}
