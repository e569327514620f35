//! Says how good answers are.

mod offline;

use app::{
    model::Verdict,
    ports::{Evaluate, EvaluationTask},
};
use async_trait::async_trait;

use self::offline::Offline;
use crate::config::LlmConfig;

/// Rules on this server.
pub struct Evaluators {
    offline: Offline,
}

impl Evaluators {
    /// # Errors
    /// None yet.
    pub fn new(_llm: Option<LlmConfig>) -> reqwest::Result<Self> {
        Ok(Self { offline: Offline })
    }
}

#[async_trait]
impl Evaluate for Evaluators {
    async fn evaluate(&self, task: &EvaluationTask) -> Verdict {
        self.offline.evaluate(task).await
    }
}
