//! Clarity: sentences of a readable length, properly written, without repetition, in words.

use std::collections::BTreeSet;

use super::Reading;
use crate::passage::{Sentence, Standing};
use crate::sentences::starts_an_item;
use crate::verdict::{Criterion, quotes, ramp, share, unit};
use crate::words::Word;

/// Words in a sentence from which readers lose the thread; plain-language guides advise 25 at most.
const LONG_SENTENCE: usize = 35;

pub fn judge(reading: &Reading) -> Criterion {
    let passage = reading.passage;
    let sentences = &passage.sentences;
    let lengths: Vec<usize> =
        sentences.iter().map(|sentence| sentence.words.len()).filter(|length| *length > 0).collect();
    let mean = share(passage.words.len(), lengths.len());
    let length = ramp(mean, 2.0, 7.0).min(1.0 - 0.8 * ramp(mean, 24.0, 60.0));
    let long: Vec<&Sentence> = sentences.iter().filter(|sentence| sentence.words.len() > LONG_SENTENCE).collect();
    let readable = 1.0 - 0.5 * share(long.len(), sentences.len());

    let written = share(sentences.iter().filter(|sentence| is_written(sentence)).count(), sentences.len());
    let repeats = sentences.iter().filter(|sentence| sentence.standing == Standing::RepeatsItself);
    let repeated: usize = repeats.clone().map(|sentence| sentence.words.len()).sum();
    let variety = variety(&passage.words);
    let recognisable = share(passage.words.iter().filter(|word| is_word(word)).count(), passage.words.len());
    let mistyped = 1.0 - ramp(share(passage.mistyped, passage.words.len()), 0.0, 0.15);

    let fluent = unit(length * readable) * (1.0 - share(repeated, passage.words.len())) * variety;
    let shape = 0.5 * fluent + 0.2 * written + 0.15 * ramp(recognisable, 0.6, 0.95) + 0.15 * mistyped;
    // A few words can hardly be unclear; that earns no more than half.
    let enough = 0.5 + 0.5 * ramp(passage.words.len() as f64, 4.0, 30.0);
    let gate = reading.substance.prose.max(0.1) * ramp(recognisable, 0.2, 0.6);

    let mut sentence = format!("{} sentence{}, {mean:.0} words on average", lengths.len(), plural(lengths.len()));
    if !long.is_empty() {
        sentence += &format!(", {} over {LONG_SENTENCE} words", long.len());
    }
    if repeated > 0 {
        sentence += ", with repetition";
    }
    if passage.mistyped > 0 {
        sentence += &format!(", {} word{} nearly spelt right", passage.mistyped, plural(passage.mistyped));
    }
    if reading.substance.prose < 0.5 {
        sentence += ", more a list of terms than sentences";
    }
    let unclear = long.iter().map(|sentence| sentence.text).chain(repeats.map(|sentence| sentence.text));
    Criterion::new(shape * enough * gate, sentence + ".", quotes(unclear))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Begins with a capital, a figure or a list's mark, and ends with a stop, or is an item of a list.
fn is_written(sentence: &Sentence) -> bool {
    let item = starts_an_item(sentence.text);
    let begins = !sentence.text.starts_with(char::is_lowercase);
    item || (begins && sentence.text.ends_with(['.', '!', '?', ':', ')', '"', '”', '`']))
}

/// Different content words by content words, 1 where at least half of any hundred differ.
fn variety(words: &[Word]) -> f64 {
    let content: Vec<&str> = words.iter().filter(|word| word.is_content()).map(|word| word.stem.as_str()).collect();
    let hundreds = content.chunks(100).map(|chunk| {
        let different = chunk.iter().collect::<BTreeSet<_>>().len();
        ramp(share(different, chunk.len()), 0.1, 0.5)
    });
    let count = content.len().div_ceil(100).max(1);
    if content.is_empty() { 1.0 } else { hundreds.sum::<f64>() / count as f64 }
}

/// Whether it looks like a word: it has a vowel or is short or a figure, and no letter stands four times in a row.
fn is_word(word: &Word) -> bool {
    let vowel = word.raw.chars().any(|c| !c.is_ascii_alphabetic() || "aeiouy".contains(c));
    let characters: Vec<char> = word.raw.chars().collect();
    let run = characters.windows(4).any(|four| four.iter().all(|c| *c == four[0] && c.is_alphabetic()));
    (vowel || characters.len() <= 5) && !run && characters.len() <= 25
}
