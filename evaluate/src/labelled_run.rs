//! Runs the evaluator on labelled answers and tells how well it orders them.

use crate::labelled::{LabelledQuestion, PUBLISHED};
use crate::ranking::{kendall_tau_b, spearman_rho};
use crate::{KeyPoint, Rubric, Task, evaluate};

/// How scores and the order by hand agree: correlations per question, and their means over the questions, −1..=1.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    pub kendall_tau_b: f64,
    pub spearman_rho: f64,
    /// Answers in all.
    pub answers: usize,
    /// Each question's name and its tau-b.
    pub questions: Vec<(&'static str, f64)>,
}

/// The mean of Kendall's tau-b over the published questions: 1 if every question's answers are ordered as by hand.
pub fn rank_correlation() -> f64 {
    agreement(PUBLISHED).kendall_tau_b
}

/// Scores the answers to each question and compares their order. Answers that all score the same correlate with nothing: 0.
pub fn agreement(questions: &[&'static LabelledQuestion]) -> Agreement {
    let (mut taus, mut rhos, mut answers) = (Vec::new(), Vec::new(), 0);
    for question in questions {
        let scores = question.scores();
        let by_hand: Vec<f64> = question.answers.iter().map(|answer| -f64::from(answer.rank)).collect();
        taus.push((question.name, kendall_tau_b(&scores, &by_hand).unwrap_or(0.0)));
        rhos.push(spearman_rho(&scores, &by_hand).unwrap_or(0.0));
        answers += scores.len();
    }
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / questions.len().max(1) as f64;
    Agreement {
        kendall_tau_b: mean(&mut taus.iter().map(|(_, tau)| *tau)),
        spearman_rho: mean(&mut rhos.into_iter()),
        answers,
        questions: taus,
    }
}

impl LabelledQuestion {
    pub fn rubric(&self) -> Rubric {
        let key_points = self.key_points.iter();
        Rubric {
            key_points: key_points
                .map(|(text, weight)| KeyPoint { text: (*text).to_owned(), weight: *weight })
                .collect(),
            reference: self.reference.map(str::to_owned),
            language: self.language,
        }
    }

    /// The evaluator's overall scores of the answers, in their order.
    pub fn scores(&self) -> Vec<f64> {
        let rubric = self.rubric();
        let task = |answer| Task { question: self.question, kind: self.kind, rubric: &rubric, answer };
        self.answers.iter().map(|answer| evaluate(&task(answer.text)).score).collect()
    }
}
