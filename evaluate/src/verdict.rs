//! What the evaluator says about an answer.

/// The judgement of one answer. It is for the people who decide, not for the candidate: it may name key points.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it speaks about what was asked.
    pub relevance: Criterion,
    /// How much of the rubric's key points and reference answer it covers. Nothing checks whether a statement is true.
    pub correctness: Criterion,
    /// Breadth, reasons, examples, cases considered.
    pub depth: Criterion,
    /// How well it reads.
    pub clarity: Criterion,
    /// 0..=10: the mean of the four, weighted by [`WEIGHTS`].
    pub score: f64,
    /// What was not measured, and what whoever relies on the scores should know.
    pub notes: Vec<String>,
}

/// The weights of relevance, correctness, depth and clarity; their sum is 1.
pub const WEIGHTS: [f64; 4] = [0.2, 0.4, 0.25, 0.15];

/// One criterion's judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// 0..=10, in hundredths.
    pub score: f64,
    /// Why, in one sentence.
    pub sentence: String,
    /// Verbatim parts of the answer that the score rests on; at most three, of at most 160 characters each.
    pub quotes: Vec<String>,
}

impl Criterion {
    /// `share` is 0..=1 and is clamped to it.
    pub(crate) fn new(share: f64, sentence: impl Into<String>, quotes: Vec<String>) -> Self {
        Self { score: hundredths(10.0 * unit(share)), sentence: sentence.into(), quotes }
    }
}

impl Verdict {
    pub(crate) fn new(criteria: [Criterion; 4], notes: Vec<String>) -> Self {
        let score = criteria.iter().zip(WEIGHTS).map(|(criterion, weight)| criterion.score * weight).sum();
        let [relevance, correctness, depth, clarity] = criteria;
        Self { relevance, correctness, depth, clarity, score: hundredths(score), notes }
    }

    /// The verdict on an answer that says nothing.
    pub(crate) fn zero(sentence: &str) -> Self {
        let criterion = || Criterion::new(0.0, sentence, Vec::new());
        Self::new([criterion(), criterion(), criterion(), criterion()], Vec::new())
    }
}

/// Clamps to 0..=1; what is not a number is 0.
pub(crate) fn unit(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

/// 0 up to `from`, 1 from `to` on, linear between.
pub(crate) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    unit((value - from) / (to - from))
}

/// `part / whole`, and 0 of nothing.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Without the last bits, in which sums of floats may differ between machines.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

const QUOTE_CHARACTERS: usize = 160;
const QUOTES: usize = 3;

/// The first few different ones of `parts`, each cut at a word's end; still verbatim.
pub(crate) fn quotes<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut quotes: Vec<String> = Vec::new();
    for part in parts {
        let quote = cut(part.trim());
        if !quote.is_empty() && !quotes.iter().any(|seen| seen == quote) {
            quotes.push(quote.to_owned());
        }
        if quotes.len() == QUOTES {
            break;
        }
    }
    quotes
}

fn cut(text: &str) -> &str {
    let Some((end, _)) = text.char_indices().nth(QUOTE_CHARACTERS) else { return text };
    let head = &text[..end];
    head.rfind(char::is_whitespace).map_or(head, |space| head[..space].trim_end())
}
