//! A language model behind an OpenAI-compatible endpoint.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use app::{
    model::{Criteria, Evaluator, Verdict},
    ports::EvaluationTask,
    service::random_token,
};
use reqwest::{Client, ClientBuilder, Response, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{
    breaker::{Breaker, Closed},
    prompt::{self, Message},
    reply::{self, Checked, hundredths},
    trouble::Trouble,
};
use crate::{config::LlmConfig, https};

/// Largest reply that is read, in bytes.
const MAX_REPLY: usize = 256 * 1024;

/// How much patience there is with a model.
pub(super) struct Limits {
    /// For the connection alone.
    pub connect: Duration,
    /// For one request.
    pub request: Duration,
    /// Requests for one answer.
    pub attempts: u32,
    /// Before the second request. Twice as long before the third.
    pub pause: Duration,
    /// The longest pause that a model may ask for. If it asks for a longer one, it is not asked again for this answer.
    pub longest_pause: Duration,
    /// For one answer in all.
    pub total: Duration,
    /// Answers in a row that it failed at, after which it is left alone.
    pub failures: u32,
    /// For how long.
    pub left_alone: Duration,
    /// For how long at most if it asks for longer.
    pub longest_left_alone: Duration,
    /// For how long it is remembered that the endpoint took nothing but messages.
    pub bare: Duration,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(3),
    request: Duration::from_secs(20),
    attempts: 3,
    pause: Duration::from_millis(500),
    longest_pause: Duration::from_secs(10),
    total: Duration::from_secs(55),
    failures: 3,
    left_alone: Duration::from_secs(30),
    longest_left_alone: Duration::from_secs(600),
    bare: Duration::from_secs(600),
};

/// A model and how it fares.
pub struct Llm {
    client: Client,
    config: LlmConfig,
    limits: Limits,
    breaker: Breaker,
    /// Until when it is asked with nothing but messages, since it took nothing else. Then it is tried again: it may have
    /// been another endpoint, or only a bad moment.
    bare_until: Mutex<Option<Instant>>,
}

/// Why a request came to nothing, and what to do then.
struct Failure {
    trouble: Trouble,
    next: Next,
}

enum Next {
    GiveUp,
    /// Without what the endpoint may not know.
    AskBare,
    /// After a pause: the one that was asked for, or the usual one.
    AskAgain(Option<Duration>),
}

/// The body of a request.
#[derive(Serialize)]
struct Asked<'a> {
    model: &'a str,
    messages: &'a [Message],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Box<RawValue>>,
}

impl Llm {
    pub fn new(config: LlmConfig) -> reqwest::Result<Self> {
        Self::with(https::client(), config, LIMITS)
    }

    pub(super) fn with(client: ClientBuilder, config: LlmConfig, limits: Limits) -> reqwest::Result<Self> {
        Ok(Self {
            client: client.connect_timeout(limits.connect).timeout(limits.request).build()?,
            breaker: Breaker::new(limits.failures, limits.left_alone),
            config,
            limits,
            bare_until: Mutex::default(),
        })
    }

    /// Asks the model, several times if need be.
    pub async fn evaluate(&self, task: &EvaluationTask) -> Result<Verdict, Trouble> {
        self.breaker.admit(Instant::now()).map_err(|closed| match closed {
            Closed::ItFails => Trouble::Skipped,
            Closed::ItAsked => Trouble::Resting,
        })?;
        let asking = tokio::time::timeout(self.limits.total, self.ask(task));
        let result = asking.await.unwrap_or(Err(Trouble::Silent));
        match &result {
            Ok(_) => self.breaker.succeeded(),
            // It works, if not well.
            Err(trouble) if trouble.is_a_reply() => self.breaker.succeeded(),
            Err(trouble) if trouble.may_be_the_answer_s() => {}
            Err(trouble) => {
                let left_alone = self.breaker.failed(Instant::now());
                tracing::warn!(reason = trouble.words(), left_alone, "the language model gave no verdict");
            }
        }
        result
    }

    async fn ask(&self, task: &EvaluationTask) -> Result<Verdict, Trouble> {
        let messages = prompt::messages(task, &random_token());
        let remembered = self.is_bare();
        let mut bare = remembered;
        for attempt in 1.. {
            let Failure { trouble, next } = match self.ask_once(&messages, bare, &task.answer).await {
                Ok(checked) => {
                    if bare && !remembered {
                        *self.bare_until.lock().unwrap_or_else(PoisonError::into_inner) =
                            Some(Instant::now() + self.limits.bare);
                    }
                    return Ok(self.verdict(checked, task, attempt));
                }
                Err(failure) => failure,
            };
            if attempt >= self.limits.attempts {
                return Err(trouble);
            }
            match next {
                Next::GiveUp => return Err(trouble),
                Next::AskBare => bare = true,
                Next::AskAgain(wanted) => {
                    let pause = wanted.unwrap_or_else(|| jitter(self.limits.pause * 2_u32.pow(attempt - 1)));
                    tracing::debug!(attempt, reason = trouble.words(), "the language model is asked again");
                    tokio::time::sleep(pause).await;
                }
            }
        }
        unreachable!("attempts are counted from 1")
    }

    /// Whether the endpoint took nothing but messages lately.
    fn is_bare(&self) -> bool {
        let until = *self.bare_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    async fn ask_once(&self, messages: &[Message], bare: bool, answer: &str) -> Result<Checked, Failure> {
        let unasked = |_| Failure::give_up(Trouble::Unusable("nothing was asked"));
        let response_format = if bare { None } else { Some(prompt::response_format().map_err(unasked)?) };
        let asked = Asked { model: &self.config.model, messages, temperature: (!bare).then_some(0.0), response_format };
        let body = serde_json::to_vec(&asked).map_err(unasked)?;
        let mut request = self
            .client
            .post(format!("{}/chat/completions", self.config.base_url))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(key) = &self.config.api_key {
            request = request.bearer_auth(key);
        }
        let response = request.send().await.map_err(|error| Failure::of(&error))?;
        if !response.status().is_success() {
            return Err(self.refused(&response, bare));
        }
        let body = read(response).await?;
        reply::read(&body, answer).map_err(|trouble| match trouble {
            // The next reply may be better.
            Trouble::Unusable(_) => Failure { trouble, next: Next::AskAgain(None) },
            _ => Failure::give_up(trouble),
        })
    }

    fn refused(&self, response: &Response, bare: bool) -> Failure {
        let status = response.status();
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::give_up(Trouble::Unauthorized),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY if !bare => {
                Failure { trouble: Trouble::Status(status.as_u16()), next: Next::AskBare }
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let wanted = https::retry_after(response);
                let too_long = wanted.filter(|wanted| *wanted > self.limits.longest_pause);
                if let Some(wanted) = too_long {
                    // Nor is it asked about other answers.
                    self.breaker.leave_alone(Instant::now() + wanted.min(self.limits.longest_left_alone));
                }
                let next = if too_long.is_some() { Next::GiveUp } else { Next::AskAgain(wanted) };
                Failure { trouble: Trouble::Busy, next }
            }
            _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Failure { trouble: Trouble::Status(status.as_u16()), next: Next::AskAgain(None) }
            }
            _ => Failure::give_up(Trouble::Status(status.as_u16())),
        }
    }

    fn verdict(&self, checked: Checked, task: &EvaluationTask, attempt: u32) -> Verdict {
        let mut notes = Vec::new();
        if attempt > 1 {
            notes.push(format!("The language model gave this verdict at attempt {attempt}."));
        }
        if prompt::shown(&task.answer).len() < task.answer.len() {
            let shown = prompt::SHOWN;
            notes.push(format!("The answer is long: the language model saw its first {shown} characters only."));
        }
        if checked.left_out > 0 {
            notes.push("Some of what the language model quoted is not in the answer and was left out.".into());
        }
        Verdict {
            score: score(&checked.criteria),
            criteria: checked.criteria,
            by: Evaluator::Model { name: self.config.model.clone() },
            notes,
            failed: false,
        }
    }
}

impl Failure {
    fn give_up(trouble: Trouble) -> Self {
        Self { trouble, next: Next::GiveUp }
    }

    fn of(error: &reqwest::Error) -> Self {
        tracing::debug!(reason = %https::why(error), "the language model was not reached");
        let trouble = if error.is_timeout() && !error.is_connect() { Trouble::Silent } else { Trouble::Unreachable };
        Self { trouble, next: Next::AskAgain(None) }
    }
}

async fn read(response: Response) -> Result<Vec<u8>, Failure> {
    let mut response = response;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
        if body.len() + chunk.len() > MAX_REPLY {
            return Err(Failure { trouble: Trouble::Unusable("too long"), next: Next::AskAgain(None) });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A quarter more or less, so that many who failed together do not come back together.
fn jitter(pause: Duration) -> Duration {
    let share = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
    pause.mul_f64(0.75 + share / 2.0)
}

/// The criteria's mean, weighted as by the offline rules, so that scores of both can be compared.
fn score(criteria: &Criteria) -> f64 {
    let weighted =
        criteria.each().into_iter().zip(evaluate::WEIGHTS).map(|((_, criterion), weight)| criterion.score * weight);
    hundredths(weighted.sum::<f64>().clamp(0.0, 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_more_or_less() {
        for _ in 0..100 {
            let pause = jitter(Duration::from_secs(4));
            assert!((3.0..=5.0).contains(&pause.as_secs_f64()), "{pause:?}");
        }
    }

    #[test]
    fn requests_and_pauses_leave_time_for_the_offline_rules() {
        assert!(LIMITS.total <= Duration::from_secs(55), "an evaluation may take a minute");
        assert!(LIMITS.request + LIMITS.longest_pause + LIMITS.request < LIMITS.total, "two requests fit");
    }
}
