//! One question of the editor's form.

use crate::model::{KeyPoint, NewQuestion, Question, QuestionKind, Rubric};

/// One question as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionForm {
    pub text: String,
    pub kind: QuestionKind,
    /// A line for each.
    pub key_points: String,
    pub reference: String,
    pub language: String,
}

impl QuestionForm {
    pub(super) fn is_blank(&self) -> bool {
        let Self { text, key_points, reference, language, kind: _ } = self;
        [text, key_points, reference, language].iter().all(|field| field.trim().is_empty())
    }

    /// Whether something is written about what a good answer has.
    #[must_use]
    pub fn has_rubric(&self) -> bool {
        [&self.key_points, &self.reference, &self.language].iter().any(|field| !field.trim().is_empty())
    }
}

impl From<&Question> for QuestionForm {
    fn from(question: &Question) -> Self {
        let Rubric { key_points, reference_answer, language } = &question.rubric;
        Self {
            text: question.text.clone(),
            kind: question.kind,
            key_points: key_points.iter().map(line).collect::<Vec<_>>().join("\n"),
            reference: reference_answer.clone().unwrap_or_default(),
            language: language.clone().unwrap_or_default(),
        }
    }
}

pub(super) fn new_question(form: &QuestionForm) -> NewQuestion {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
    let lines = form.key_points.lines().map(str::trim).filter(|line| !line.is_empty());
    let rubric = Rubric {
        key_points: lines.map(key_point).collect(),
        reference_answer: filled(&form.reference),
        language: filled(&form.language),
    };
    NewQuestion { text: form.text.clone(), kind: form.kind, rubric }
}

/// `3 | names both clocks`, or only `names both clocks`, which counts once.
fn key_point(line: &str) -> KeyPoint {
    let weighted = line.split_once('|').and_then(|(weight, text)| Some((weight.trim().parse().ok()?, text.trim())));
    let (weight, text) = weighted.unwrap_or((1, line));
    KeyPoint { text: text.to_owned(), weight }
}

fn line(point: &KeyPoint) -> String {
    let text = point.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let weighted = point.weight != 1 || key_point(&text) != KeyPoint { text: text.clone(), weight: 1 };
    if weighted { format!("{} | {text}", point.weight) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_points_are_lines_with_an_optional_weight() {
        let point = |text: &str, weight| KeyPoint { text: text.into(), weight };
        assert_eq!(key_point("3 | names both clocks"), point("names both clocks", 3));
        assert_eq!(key_point("names both clocks"), point("names both clocks", 1));
        assert_eq!(key_point("a | b"), point("a | b", 1));
        for known in [point("a", 1), point("b", 10), point("2 | c", 1), point("d | e", 4)] {
            assert_eq!(key_point(&line(&known)), known);
        }
    }
}
