//! Rules on this server.

use app::{
    model::{Criteria, Criterion, Evaluator, Verdict},
    ports::EvaluationTask,
};

/// Evaluates without asking anybody.
pub struct Offline;

impl Offline {
    pub async fn evaluate(&self, _task: &EvaluationTask) -> Verdict {
        let none = || Criterion { score: 0.0, sentence: "Not measured.".into(), quotes: Vec::new() };
        let criteria = Criteria { relevance: none(), correctness: none(), depth: none(), clarity: none() };
        Verdict { score: 0.0, criteria, by: Evaluator::Offline, notes: vec!["Nothing was measured.".into()] }
    }
}
