//! Says how good answers are: a language model if there is one, and rules on this server otherwise.
//!
//! The model is asked for scores, and never relied on: what it says is checked ([`reply`], [`trust`]), and when it does not
//! answer, or not usefully, the offline rules decide and the verdict's notes say so. So every answer gets a score, within a
//! minute.

mod breaker;
mod llm;
mod offline;
mod prompt;
mod reply;
#[cfg(test)]
mod tests;
mod trouble;
mod trust;

use app::{
    model::Verdict,
    ports::{Evaluate, EvaluationTask},
};
use async_trait::async_trait;

use self::{llm::Llm, offline::Offline};
use crate::config::LlmConfig;

/// The evaluators of one worker.
pub struct Evaluators {
    model: Option<Llm>,
    offline: Offline,
}

impl Evaluators {
    /// # Errors
    /// When there is no TLS to be had, which does not happen.
    pub fn new(llm: Option<LlmConfig>) -> reqwest::Result<Self> {
        Ok(Self { model: llm.map(Llm::new).transpose()?, offline: Offline::default() })
    }
}

#[async_trait]
impl Evaluate for Evaluators {
    async fn evaluate(&self, task: &EvaluationTask) -> Verdict {
        let Some(model) = &self.model else { return self.offline.evaluate(task).await };
        let verdict = match model.evaluate(task).await {
            Ok(verdict) => verdict,
            Err(trouble) => return with_note(self.offline.evaluate(task).await, trouble.note()),
        };
        if !evaluate::may_address_the_judge(&task.answer) {
            return verdict;
        }
        let offline = self.offline.evaluate(task).await;
        match trust::doubt(&verdict, &offline) {
            Some(note) => with_note(offline, note),
            None => verdict,
        }
    }
}

fn with_note(verdict: Verdict, note: String) -> Verdict {
    let mut verdict = verdict;
    verdict.notes.insert(0, note);
    verdict
}
