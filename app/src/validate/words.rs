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
    plain("the message", text)?;
    Ok(text.to_owned())
}

/// Checks what an admin makes of a violation: to dismiss it takes a reason.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn review(decision: Decision, reason: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    if reason.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("Shorten the reason: it may have at most {MAX_NOTICE} characters.")));
    }
    plain("the reason", reason)?;
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
    plain("the note", text)?;
    Ok(text.to_owned())
}

/// Checks a score that an admin sets, and the reason for it.
///
/// # Errors
/// A `BadRequest` that says what is allowed.
pub fn correction(score: f64, reason: &str) -> Result<String, AppError> {
    if !is_score(score) {
        return Err(AppError::bad_request("Give a score of 0 to 10."));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_NOTICE {
        return Err(AppError::bad_request(format!("Say why, in at most {MAX_NOTICE} characters.")));
    }
    plain("the reason", reason)?;
    Ok(reason.to_owned())
}

fn plain(what: &str, text: &str) -> Result<(), AppError> {
    if is_plain(text) {
        Ok(())
    } else {
        Err(AppError::bad_request(format!("Take invisible control characters out of {what}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_may_have_several_lines_and_no_control_characters() {
        let good = "First,\n\tsecond.\r\nThird: 你好.";
        let all = |text: &str| {
            [
                notice(text),
                review(Decision::Dismissed, text),
                review(Decision::Confirmed, text),
                note(text),
                correction(5.0, text),
            ]
        };
        assert!(all(good).iter().all(|checked| checked.as_deref().ok() == Some(good)));
        for bad in ["a\u{0}b", "a\u{1b}[2Jb", "a\u{9b}b"] {
            assert!(all(bad).iter().all(|checked| checked.as_ref().unwrap_err().detail.contains("control")), "{bad:?}");
        }
    }
}
