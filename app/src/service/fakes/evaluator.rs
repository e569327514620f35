//! An evaluator that says what it is told to.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::{
    model::{Criteria, Criterion, Evaluator, Verdict},
    ports::{Evaluate, EvaluationTask},
};

/// Gives one verdict for all answers, and can be made to take its time.
pub struct FakeEvaluator {
    verdict: Mutex<Verdict>,
    asked: Mutex<Vec<EvaluationTask>>,
    /// One permit for each evaluation that may end.
    gate: Semaphore,
    failing: AtomicUsize,
}

impl FakeEvaluator {
    pub fn new() -> Self {
        Self {
            verdict: Mutex::new(verdict(7.0)),
            asked: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            failing: AtomicUsize::new(0),
        }
    }

    /// From now on every answer gets this score.
    pub fn give(&self, score: f64) {
        *self.verdict.lock().unwrap() = verdict(score);
    }

    /// From now on nothing can be evaluated.
    pub fn break_down(&self) {
        self.verdict.lock().unwrap().failed = true;
    }

    /// From now on evaluations do not end.
    pub fn block(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets so many evaluations end, those under way first.
    pub fn let_through(&self, count: usize) {
        self.gate.add_permits(count);
    }

    /// The next `times` evaluations are given by the offline rules, with a note: what a model's failure looks like.
    pub fn fail(&self, times: usize) {
        self.failing.store(times, Ordering::SeqCst);
    }

    /// How many evaluations were begun.
    pub fn calls(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The answers that were to be evaluated, in order.
    pub fn answers(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|task| task.answer.clone()).collect()
    }
}

/// A model's verdict, the same in all criteria.
fn verdict(score: f64) -> Verdict {
    let one = || Criterion { score, sentence: "As told.".into(), quotes: vec![] };
    Verdict {
        score,
        criteria: Criteria { relevance: one(), correctness: one(), depth: one(), clarity: one() },
        by: Evaluator::Model { name: "fake".into() },
        notes: vec![],
        failed: false,
    }
}

#[async_trait]
impl Evaluate for FakeEvaluator {
    async fn evaluate(&self, task: &EvaluationTask) -> Verdict {
        self.asked.lock().unwrap().push(task.clone());
        self.gate.acquire().await.unwrap().forget();
        let given = self.verdict.lock().unwrap().clone();
        let failed =
            self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1)).is_ok();
        if failed {
            return Verdict { by: Evaluator::Offline, notes: vec!["The model failed.".into()], ..given };
        }
        given
    }
}
