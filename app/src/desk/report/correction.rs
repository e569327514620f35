//! Setting a score in place of the evaluator's.

use leptos::prelude::*;

use super::super::{
    Fields,
    parts::{Area, text_area},
};
use crate::{
    components::above_form,
    error::AppError,
    model::{Evaluation, SessionId},
    validate::{self, MAX_NOTICE},
};

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionForm {
    /// 0 for the first.
    pub question: u32,
    pub score: String,
    pub reason: String,
    pub trouble: Option<AppError>,
}

impl CorrectionForm {
    /// What was sent.
    ///
    /// # Errors
    /// When it is not said which question is meant.
    pub fn read(fields: &Fields) -> Result<Self, AppError> {
        let unknown = |_| AppError::bad_request("It is not clear which question is meant. Go back, and try again.");
        let question = fields.one("question").parse().map_err(unknown)?;
        Ok(Self { question, score: fields.one("score"), reason: fields.one("reason"), trouble: None })
    }

    /// The score, 0..=10 in steps of a half, and the reason.
    ///
    /// # Errors
    /// What is allowed.
    pub fn wish(&self) -> Result<(f64, String), AppError> {
        let allowed = || AppError::bad_request("Give a score from 0 to 10, in steps of 0.5.");
        let score: f64 = self.score.trim().replace(',', ".").parse().map_err(|_| allowed())?;
        if (score * 2.0).fract() != 0.0 {
            return Err(allowed());
        }
        let reason = validate::correction(score, &self.reason)?;
        // There is no score below zero, not even minus zero.
        Ok((score.abs(), reason))
    }
}

/// The form for the score of an answer. `refused`: it was sent, and comes back. `here`: it was sent and taken, and the reader
/// is brought back to it, by the focus: the page may renew itself, and browsers load no address with a fragment anew.
pub(super) fn correction(
    id: SessionId,
    evaluation: &Evaluation,
    refused: Option<&CorrectionForm>,
    here: bool,
) -> AnyView {
    let number = evaluation.question + 1;
    let (score, reason) = match (refused, &evaluation.correction) {
        (Some(form), _) => (form.score.clone(), form.reason.clone()),
        (None, Some(correction)) => (correction.score.to_string(), correction.reason.clone()),
        (None, None) => {
            let near = evaluation.verdict.measured().map(|score| (score * 2.0).round() / 2.0);
            (near.map_or_else(String::new, |score| score.to_string()), String::new())
        }
    };
    let error = refused.and_then(|form| form.trouble.as_ref());
    let area = Area { rows: 2, max: Some(MAX_NOTICE), required: true, ..Area::default() };
    view! {
        <details class="correct" open=refused.is_some()>
            <summary autofocus=here>
                {if evaluation.correction.is_some() { "Set the score again" } else { "Set another score" }}
                <span class="unseen">{format!(" for question {number}")}</span>
            </summary>
            <form method="post" action=format!("/admin/session/{id}/score") class="stack">
                {above_form(error, &[])}
                <input type="hidden" name="question" value=evaluation.question />
                <div class="correction">
                    <label class="field">
                        <span>"Score"</span>
                        <input
                            type="number"
                            name="score"
                            value=score
                            required
                            min="0"
                            max="10"
                            step="0.5"
                            inputmode="decimal"
                            autofocus=refused.is_some()
                        />
                    </label>
                    <label class="field">
                        <span>"Why"</span>
                        {text_area("reason", &reason, area)}
                    </label>
                </div>
                <div class="row">
                    <button type="submit" class="btn">
                        "Set score"
                    </button>
                    <small>"Both scores stay in the report, with your name and the reason. Yours counts."</small>
                </div>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(score: &str, reason: &str) -> CorrectionForm {
        CorrectionForm { score: score.into(), reason: reason.into(), ..CorrectionForm::default() }
    }

    #[test]
    fn scores_go_in_half_steps_from_0_to_10() {
        assert_eq!(form("7.5", " Clear. ").wish().unwrap(), (7.5, "Clear.".into()));
        assert_eq!(form("7,5", "Clear.").wish().unwrap().0, 7.5);
        assert!(form("-0", "Clear.").wish().unwrap().0.is_sign_positive());
        for wrong in ["", "7.3", "10.5", "-0.5", "NaN", "inf", "seven"] {
            assert!(form(wrong, "Clear.").wish().is_err(), "{wrong}");
        }
        assert!(form("7", "  ").wish().unwrap_err().detail.contains("why"));
    }

    #[test]
    fn the_question_must_be_named() {
        let fields = |pairs: &[(&str, &str)]| {
            Fields::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
        };
        assert_eq!(CorrectionForm::read(&fields(&[("question", "2"), ("score", "1")])).unwrap().question, 2);
        assert!(CorrectionForm::read(&fields(&[("score", "1")])).is_err());
    }
}
