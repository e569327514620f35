//! The one error that leaves the server, for pages and API alike.

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// What kind of thing went wrong. Decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    Unprocessable,
    TooManyRequests,
    Internal,
    Unavailable,
    /// The browser could not reach the server.
    Network,
}

/// A field of the admin pages' forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Email,
    Phone,
    Title,
    Description,
    TextTimer,
    CodingTimer,
    MaxQuestions,
    /// All of them together.
    Questions,
    /// By its number, 1 for the first.
    Question(usize),
    /// What differs from the usual rules of proctoring.
    Policy,
    KeepDays,
    TerminateAfter,
    TimePercent,
    ExtraMinutes,
    CreditQuestion,
    CreditTotal,
    Address,
}

/// What people at a form read in place of [`AppError::detail`], which names fields as the API does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    pub field: Field,
    /// What to do, in a sentence.
    pub words: String,
}

/// An error in words for the person who caused or met it. Never holds internal text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{detail}")]
pub struct AppError {
    pub kind: ErrorKind,
    /// What happened and what to do about it.
    pub detail: String,
    /// Seconds after which trying again makes sense.
    pub retry_after_s: Option<u32>,
    /// Of what was typed into a form. Boxed, since few errors have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Box<Advice>>,
}

impl AppError {
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after_s: None, advice: None }
    }

    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadRequest, detail)
    }

    /// A field of a form was refused, in words for everybody.
    #[must_use]
    pub fn refused(field: Field, words: impl Into<String>) -> Self {
        let words = words.into();
        Self::bad_request(words.clone()).at(field, words)
    }

    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, detail)
    }

    /// Something that only the log may name.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(ErrorKind::Internal, "Something went wrong on our side. Please try again.")
    }

    /// A dependency is down; trying again after `seconds` makes sense.
    #[must_use]
    pub fn unavailable(seconds: u32) -> Self {
        let detail = "The service cannot reach its database right now. Please try again in a moment.";
        Self { retry_after_s: Some(seconds), ..Self::new(ErrorKind::Unavailable, detail) }
    }

    /// Others were quicker again and again; trying again after `seconds` makes sense.
    #[must_use]
    pub fn busy(seconds: u32) -> Self {
        Self {
            detail: "Too many changes of the same thing come at once. Please try again in a moment.".into(),
            ..Self::unavailable(seconds)
        }
    }

    #[must_use]
    pub fn too_many_requests(detail: impl Into<String>, seconds: u32) -> Self {
        Self { retry_after_s: Some(seconds), ..Self::new(ErrorKind::TooManyRequests, detail) }
    }

    /// The same for people at a form: what to do, and in which field.
    #[must_use]
    pub fn at(self, field: Field, words: impl Into<String>) -> Self {
        Self { advice: Some(Box::new(Advice { field, words: words.into() })), ..self }
    }

    /// The field that is to be changed, where that is known.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        self.advice.as_ref().map(|advice| advice.field)
    }

    /// What a page says.
    #[must_use]
    pub fn words(&self) -> &str {
        self.advice.as_ref().map_or(&self.detail, |advice| &advice.words)
    }

    /// The HTTP status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self.kind {
            ErrorKind::BadRequest => 400,
            ErrorKind::Unauthorized => 401,
            ErrorKind::Forbidden => 403,
            ErrorKind::NotFound => 404,
            ErrorKind::MethodNotAllowed => 405,
            ErrorKind::Conflict => 409,
            ErrorKind::TooLarge => 413,
            ErrorKind::Unprocessable => 422,
            ErrorKind::TooManyRequests => 429,
            ErrorKind::Internal => 500,
            ErrorKind::Unavailable | ErrorKind::Network => 503,
        }
    }

    /// Whether the same request may succeed later without being changed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Network | ErrorKind::Unavailable | ErrorKind::Internal | ErrorKind::TooManyRequests
        )
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(
                ErrorKind::Network,
                "The server cannot be reached. We keep trying; nothing you wrote is lost.",
            ),
            // What a proxy answers while no worker is up is not ours to decode.
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Response(_) => {
                Self::new(ErrorKind::Network, "The server gave no usable answer. We keep trying.")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::bad_request("The request was incomplete. Reload the page and try again.")
            }
            _ => Self::internal(),
        }
    }
}
