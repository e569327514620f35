//! What a language model replied, checked.

use app::model::{Criteria, Criterion, is_score};
use serde::Deserialize;

use super::trouble::Trouble;

/// Characters of a criterion's sentence.
const SENTENCE: usize = 400;

/// Quotes of a criterion, and characters of one.
const QUOTES: usize = 3;
const QUOTE: usize = 300;

/// Quotes of a criterion that are looked for in the answer at all, and bytes of one.
const SOUGHT: usize = 16;
const SOUGHT_BYTES: usize = 4_000;

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
}

/// What a model should say of an answer.
#[derive(Deserialize)]
struct Judgement {
    relevance: Judged,
    correctness: Judged,
    depth: Judged,
    clarity: Judged,
}

#[derive(Deserialize)]
struct Judged {
    #[serde(default)]
    quotes: Vec<String>,
    sentence: String,
    score: f64,
}

/// What is left of a reply after the check.
#[derive(Debug)]
pub struct Checked {
    pub criteria: Criteria,
    /// Quotes that are not in the answer, which were left out.
    pub left_out: usize,
}

/// Reads the body of a completion and checks it against the answer.
pub fn read(body: &[u8], answer: &str) -> Result<Checked, Trouble> {
    let completion: Completion = serde_json::from_slice(body).map_err(|_| Trouble::Unusable("no completion"))?;
    let said = completion.choices.into_iter().next().ok_or(Trouble::Unusable("no completion"))?.message;
    if said.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err(Trouble::Declined);
    }
    let content = said.content.unwrap_or_default();
    let judgement: Judgement =
        serde_json::from_str(object(&content)).map_err(|_| Trouble::Unusable("not of the wanted shape"))?;
    check(judgement, answer)
}

/// The JSON object in what a model says: some think aloud first, or put a fence around it.
fn object(content: &str) -> &str {
    let content = content.rsplit_once("</think>").map_or(content, |(_, rest)| rest);
    match (content.find('{'), content.rfind('}')) {
        (Some(start), Some(end)) if start < end => &content[start..=end],
        _ => "",
    }
}

fn check(judgement: Judgement, answer: &str) -> Result<Checked, Trouble> {
    let Judgement { relevance, correctness, depth, clarity } = judgement;
    let answer = Answer::new(answer);
    let mut given = 0;
    let mut kept = 0;
    let mut criterion = |judged: Judged| {
        let plain = judged.sentence.replace(char::is_control, " ");
        let sentence = cut(plain.trim(), SENTENCE);
        if !is_score(judged.score) {
            return Err(Trouble::Unusable("a score is not within 0 to 10"));
        }
        if sentence.is_empty() {
            return Err(Trouble::Unusable("a reason is missing"));
        }
        let sought = || judged.quotes.iter().filter(|quote| !quote.trim().is_empty()).take(SOUGHT);
        let found: Vec<&str> = sought().filter_map(|quote| answer.locate(quote)).collect();
        given += sought().count();
        kept += found.len();
        let quotes = found.into_iter().take(QUOTES).map(|quote| cut(quote, QUOTE).to_owned()).collect();
        Ok(Criterion { score: hundredths(judged.score), sentence: sentence.to_owned(), quotes })
    };
    let criteria = Criteria {
        relevance: criterion(relevance)?,
        correctness: criterion(correctness)?,
        depth: criterion(depth)?,
        clarity: criterion(clarity)?,
    };
    if given > 0 && kept == 0 {
        return Err(Trouble::Misquoted);
    }
    Ok(Checked { criteria, left_out: given - kept })
}

/// An answer in which quotes are looked for, each in one pass.
struct Answer<'a> {
    text: &'a str,
    /// Its words with one space between two of them.
    words: String,
    /// Where each word begins: in `words`, and in `text`.
    begins: Vec<(usize, usize)>,
}

impl<'a> Answer<'a> {
    fn new(text: &'a str) -> Self {
        let (mut words, mut begins, mut end) = (String::with_capacity(text.len()), Vec::new(), 0);
        for word in text.split_whitespace() {
            let begin = end + (text.len() - end - text[end..].trim_start().len());
            if !words.is_empty() {
                words.push(' ');
            }
            begins.push((words.len(), begin));
            words.push_str(word);
            end = begin + word.len();
        }
        Self { text, words, begins }
    }

    /// The part of the answer that is quoted. White space may differ, and there may be quotation marks around it: what is kept
    /// is the answer's own text.
    fn locate(&self, quote: &str) -> Option<&'a str> {
        if quote.len() > SOUGHT_BYTES {
            return None;
        }
        let bare = quote.trim().trim_matches(['"', '\'', '`', '“', '”', '…']);
        self.find(quote).or_else(|| self.find(bare))
    }

    fn find(&self, quote: &str) -> Option<&'a str> {
        let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        let last = quote.len().checked_sub(1)?;
        let begin = self.words.find(&quote)?;
        Some(&self.text[self.place(begin)..=self.place(begin + last)])
    }

    /// Where a byte of `words` stands in the text. Not for spaces.
    fn place(&self, at: usize) -> usize {
        let word = self.begins.partition_point(|(begin, _)| *begin <= at) - 1;
        let (in_words, in_text) = self.begins[word];
        in_text + at - in_words
    }
}

/// The first `characters` of a text.
fn cut(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

pub fn hundredths(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ANSWER: &str = "First I take the lock.\n  Then I \"write\", and I let it go.";

    fn judged(score: Value, quotes: &[&str]) -> Value {
        json!({ "score": score, "sentence": "Because.", "quotes": quotes })
    }

    fn judgement(score: &Value, quotes: &[&str]) -> Value {
        let one = || judged(score.clone(), quotes);
        json!({ "relevance": one(), "correctness": one(), "depth": one(), "clarity": one() })
    }

    fn reply(content: &str) -> Result<Checked, Trouble> {
        let body = json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] });
        read(body.to_string().as_bytes(), ANSWER)
    }

    #[test]
    fn a_good_reply_is_taken_as_it_is() {
        let checked = reply(&judgement(&json!(7.5), &["take the lock"]).to_string()).unwrap();
        assert_eq!(checked.left_out, 0);
        for (_, criterion) in checked.criteria.each() {
            assert_eq!((criterion.score, criterion.quotes.as_slice()), (7.5, &["take the lock".to_owned()][..]));
        }
    }

    #[test]
    fn thoughts_and_fences_around_a_reply_do_no_harm() {
        let object = judgement(&json!(3), &[]).to_string();
        for content in [format!("```json\n{object}\n```"), format!("<think>{{ hm }}</think>\n{object}")] {
            assert_eq!(reply(&content).unwrap().criteria.depth.score, 3.0);
        }
    }

    #[test]
    fn scores_beyond_the_scale_are_no_scores() {
        for score in [json!(10.5), json!(-0.1), json!(1e300), json!(95)] {
            let error = reply(&judgement(&score, &[]).to_string()).unwrap_err();
            assert_eq!(error, Trouble::Unusable("a score is not within 0 to 10"));
        }
        for score in [json!("8"), json!(null), json!([8])] {
            let error = reply(&judgement(&score, &[]).to_string()).unwrap_err();
            assert_eq!(error, Trouble::Unusable("not of the wanted shape"));
        }
    }

    #[test]
    fn quotes_are_the_answer_s_own_words() {
        let quotes = ["lock. Then I", "“let it go”", "\"write\"", "take a lock"];
        let checked = reply(&judgement(&json!(5), &quotes).to_string()).unwrap();
        assert_eq!(checked.criteria.clarity.quotes, ["lock.\n  Then I", "let it go", "\"write\""]);
        assert_eq!(checked.left_out, 4);
        assert!(checked.criteria.each().iter().all(|(_, it)| it.quotes.iter().all(|quote| ANSWER.contains(quote))));
    }

    #[test]
    fn a_reply_that_quotes_nothing_true_is_not_believed() {
        let error = reply(&judgement(&json!(9), &["I use a semaphore", "\u{0}"]).to_string()).unwrap_err();
        assert_eq!(error, Trouble::Misquoted);
    }

    #[test]
    fn so_many_quotes_are_looked_for() {
        let mut quotes = vec!["take the lock"; SOUGHT];
        quotes[3] = "made up";
        quotes.resize(50_000, "made up");
        let one = judged(json!(5), &["lock"]);
        let judgement =
            json!({ "relevance": judged(json!(5), &quotes), "correctness": one, "depth": one, "clarity": one });
        let checked = reply(&judgement.to_string()).unwrap();
        assert_eq!((checked.left_out, checked.criteria.relevance.quotes.len()), (1, QUOTES));
    }

    #[test]
    fn where_a_quote_stands_is_told_to_the_byte() {
        let text = "\u{3000} Größe\t\tzählt, sagt\u{a0}er.  \n";
        let answer = Answer::new(text);
        for (quote, found) in [
            ("Größe zählt,", Some("Größe\t\tzählt,")),
            ("röße", Some("röße")),
            (" sagt er. ", Some("sagt\u{a0}er.")),
            ("er.", Some("er.")),
            ("“zählt, sa”", Some("zählt, sa")),
            ("Größezählt", None),
            ("", None),
            (" \n", None),
        ] {
            assert_eq!(answer.locate(quote), found, "{quote:?}");
        }
        assert_eq!(Answer::new(" ").locate("x"), None);
    }

    #[test]
    fn long_sentences_are_cut_and_missing_ones_are_missed() {
        let mut long = judgement(&json!(5), &[]);
        long["depth"]["sentence"] = json!("ä".repeat(1_000));
        assert_eq!(reply(&long.to_string()).unwrap().criteria.depth.sentence.chars().count(), SENTENCE);
        long["depth"]["sentence"] = json!("  ");
        assert_eq!(reply(&long.to_string()).unwrap_err(), Trouble::Unusable("a reason is missing"));
    }

    #[test]
    fn what_is_no_completion_is_no_reply() {
        for body in ["", "[]", "{}", r#"{"choices":[]}"#, "<html>", r#"{"error":{"message":"no"}}"#] {
            assert_eq!(read(body.as_bytes(), ANSWER).unwrap_err(), Trouble::Unusable("no completion"), "{body}");
        }
        for content in ["", "8/10", "}{", "{}", r#"{"score":8}"#] {
            assert_eq!(reply(content).unwrap_err(), Trouble::Unusable("not of the wanted shape"), "{content}");
        }
        let declined = json!({ "choices": [{ "message": { "content": null, "refusal": "I cannot." } }] }).to_string();
        assert_eq!(read(declined.as_bytes(), ANSWER).unwrap_err(), Trouble::Declined);
    }
}
