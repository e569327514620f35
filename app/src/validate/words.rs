//! What people may write about a session: messages, reasons and notes.

use super::{MAX_NOTICE, is_plain};
use crate::{
    error::AppError,
    model::{Decision, is_score},
};

/// Checks a notice to a candidate.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn notice(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("Write a message of at most {MAX_NOTICE} characters.")));
    }
    Ok(text.to_owned())
}

/// Checks what an admin makes of a violation: to dismiss it takes a reason.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn review(decision: Decision, reason: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    if reason.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("A reason may have at most {MAX_NOTICE} characters.")));
    }
    if decision == Decision::Dismissed && reason.is_empty() {
        return Err(AppError::bad_request("Say why this is dismissed: the candidate and your colleagues rely on it."));
    }
    Ok(reason.to_owned())
}

/// Checks what a candidate says about a violation.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn note(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("Write 1 to {MAX_NOTICE} characters.")));
    }
    Ok(text.to_owned())
}

/// Checks a score that an admin sets, and the reason for it.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn correction(score: f64, reason: &str) -> Result<String, AppError> {
    if !is_score(score) {
        return Err(AppError::bad_request("A score may be 0 to 10."));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("Say why, in at most {MAX_NOTICE} characters.")));
    }
    if !is_plain(reason) {
        return Err(AppError::bad_request("The reason must not hold control characters."));
    }
    Ok(reason.to_owned())
}
