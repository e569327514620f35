//! Rules on this server: the crate `evaluate`.

use std::sync::Arc;

use app::{
    model::{Criteria, Criterion, Evaluator, Question, QuestionKind, Verdict},
    ports::EvaluationTask,
};
use evaluate::{KeyPoint, Kind, Language, Rubric, Task};
use tokio::sync::Semaphore;

/// Evaluations at the same time. Each takes a core for some milliseconds, and interviews come first.
const AT_ONCE: usize = 2;

/// Evaluates beside what the server does for people.
pub struct Offline {
    turns: Arc<Semaphore>,
}

impl Default for Offline {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Offline {
    pub async fn evaluate(&self, task: &EvaluationTask) -> Verdict {
        // The permit goes with the work, so that one whose caller went away counts until it is done.
        let turn = self.turns.clone().acquire_owned().await;
        let task = task.clone();
        let judged = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            judge(&task)
        });
        judged.await.unwrap_or_else(|error| {
            tracing::error!(panicked = error.is_panic(), "an answer could not be evaluated");
            not_judged()
        })
    }
}

fn judge(task: &EvaluationTask) -> Verdict {
    let Question { text, kind, .. } = &task.question;
    let kind = match kind {
        QuestionKind::Text => Kind::Text,
        QuestionKind::Coding => Kind::Code,
    };
    let rubric = rubric(&task.question);
    let judged = evaluate::evaluate(&Task { question: text, kind, rubric: &rubric, answer: &task.answer });
    Verdict {
        score: judged.score,
        criteria: Criteria {
            relevance: criterion(judged.relevance),
            correctness: criterion(judged.correctness),
            depth: criterion(judged.depth),
            clarity: criterion(judged.clarity),
        },
        by: Evaluator::Offline,
        notes: judged.notes,
        failed: false,
    }
}

fn rubric(question: &Question) -> Rubric {
    let rubric = &question.rubric;
    let point = |point: &app::model::KeyPoint| KeyPoint { text: point.text.clone(), weight: f64::from(point.weight) };
    Rubric {
        key_points: rubric.key_points.iter().map(point).collect(),
        reference: rubric.reference_answer.clone(),
        language: rubric.language.as_deref().and_then(Language::from_name),
    }
}

fn criterion(judged: evaluate::Criterion) -> Criterion {
    Criterion { score: judged.score, sentence: judged.sentence, quotes: judged.quotes }
}

/// What is said when the rules themselves failed. Trying again would fail again, and a person has to look anyway.
fn not_judged() -> Verdict {
    let none = || Criterion { score: 0.0, sentence: "Not measured.".into(), quotes: Vec::new() };
    Verdict {
        score: 0.0,
        criteria: Criteria { relevance: none(), correctness: none(), depth: none(), clarity: none() },
        by: Evaluator::Offline,
        notes: vec!["This answer could not be evaluated, and counts in no mean. Please set its score yourself.".into()],
        failed: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(kind: QuestionKind, points: &[&str], answer: &str) -> EvaluationTask {
        let mut question = Question::new("How do you guard a shared counter, and why?", kind);
        let point = |text: &&str| app::model::KeyPoint { text: (*text).into(), weight: 2 };
        question.rubric.key_points = points.iter().map(point).collect();
        question.rubric.language = Some("Python".into());
        EvaluationTask { question, answer: answer.into() }
    }

    #[tokio::test]
    async fn an_answer_that_says_what_was_wanted_scores_more() {
        let points = ["mutex / lock", "only one thread at a time", "lost update"];
        let good = "I put a mutex around the counter, because otherwise two threads read the same value and one of their \
                    updates is lost. With the lock only one thread at a time changes it, for example when both add one.";
        let poor = "I like counters. They are useful in many programs.";
        let offline = Offline::default();
        let (good, poor) = (
            offline.evaluate(&task(QuestionKind::Text, &points, good)).await,
            offline.evaluate(&task(QuestionKind::Text, &points, poor)).await,
        );
        assert!(good.score > poor.score + 2.0, "{good:?} {poor:?}");
        assert_eq!(good.by, Evaluator::Offline);
    }

    #[tokio::test]
    async fn code_is_evaluated_as_code() {
        let code = "from threading import Lock\nlock = Lock()\n\ndef add(n):\n    global count\n    with lock:\n        count += n\n";
        let offline = Offline::default();
        let as_code = offline.evaluate(&task(QuestionKind::Coding, &["Lock"], code)).await;
        let as_text = offline.evaluate(&task(QuestionKind::Text, &["Lock"], code)).await;
        assert_ne!(as_code, as_text);
    }

    #[tokio::test]
    async fn many_at_once_all_come_to_an_end() {
        let offline = Offline::default();
        let task = task(QuestionKind::Text, &["lock"], "A lock.");
        let verdicts = futures::future::join_all((0..20).map(|_| offline.evaluate(&task))).await;
        assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
