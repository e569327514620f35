//! What a job may be made of.

use super::{
    MAX_KEEP_DAYS, MAX_KEY_POINT, MAX_KEY_POINTS, MAX_LANGUAGE, MAX_NAME, MAX_QUESTION, fit_together, is_plain,
    named::{CODING_TIMER, DESCRIPTION, TEXT_TIMER, TITLE, at_question, no_questions_asked},
    questions, required, timer,
};
use crate::{
    error::{AppError, Field},
    model::{Job, JobId, KeyPoint, NewJob, ProctoringRules, Rubric, Timers, UnixMillis},
};

/// Checks a job.
///
/// # Errors
/// A `BadRequest` that names the field and what is allowed.
pub fn job(new: NewJob, id: JobId, now: UnixMillis) -> Result<Job, AppError> {
    let title = required(&TITLE, &new.title, MAX_NAME)?;
    let description = new.description.trim().to_owned();
    if description.chars().count() > MAX_QUESTION {
        return Err(DESCRIPTION.too_long(MAX_QUESTION));
    }
    if !is_plain(&description) {
        return Err(DESCRIPTION.not_plain());
    }
    let default = Timers::default();
    let timers = Timers {
        text_s: timer(&TEXT_TIMER, new.text_question_timer, default.text_s)?,
        coding_s: timer(&CODING_TIMER, new.coding_question_timer, default.coding_s)?,
    };
    let (texts, kinds): (Vec<_>, Vec<_>) = new.questions.iter().map(|one| (one.text.clone(), one.kind)).unzip();
    let mut questions = questions(&texts, &kinds)?;
    let asked = new.questions.into_iter().filter(|one| !one.text.trim().is_empty());
    for ((question, one), number) in questions.iter_mut().zip(asked).zip(1..) {
        question.rubric = rubric(one.rubric, number)?;
    }
    fit_together(&questions)?;
    if new.max_questions == Some(0) {
        return Err(no_questions_asked());
    }
    let all = questions.len() as u32;
    let max_questions = new.max_questions.map_or(all, |wanted| wanted.min(all));
    let proctoring = proctoring(new.proctoring)?;
    Ok(Job {
        id,
        title,
        description,
        timers,
        max_questions,
        questions,
        proctoring,
        created_at: now,
        updated_at: now,
        revision: 1,
        create_key: None,
    })
}

fn proctoring(rules: ProctoringRules) -> Result<ProctoringRules, AppError> {
    if let Err(error) = rules.policy() {
        let words = format!("Change the rules of your own, which cannot be followed: {error}");
        return Err(AppError::bad_request(format!("`proctoring.policy`: {error}")).at(Field::Policy, words));
    }
    if !(1..=MAX_KEEP_DAYS).contains(&rules.keep_days) {
        let detail = format!("`proctoring.keep_days` may be 1 to {MAX_KEEP_DAYS}.");
        let words = format!("Keep pictures and logs for 1 to {MAX_KEEP_DAYS} days.");
        return Err(AppError::bad_request(detail).at(Field::KeepDays, words));
    }
    Ok(rules)
}

fn rubric(rubric: Rubric, number: usize) -> Result<Rubric, AppError> {
    let bad = |what: &str| Err(at_question(number, format!("Question {number}: {what}")));
    let key_points: Vec<_> = rubric
        .key_points
        .into_iter()
        .map(|point| KeyPoint { text: point.text.trim().to_owned(), ..point })
        .filter(|point| !point.text.is_empty())
        .collect();
    if key_points.len() > MAX_KEY_POINTS {
        return bad(&format!("at most {MAX_KEY_POINTS} key points are allowed."));
    }
    if key_points.iter().any(|point| point.text.chars().count() > MAX_KEY_POINT) {
        return bad(&format!("a key point may have at most {MAX_KEY_POINT} characters."));
    }
    if key_points.iter().any(|point| !(1..=10).contains(&point.weight)) {
        return bad("the weight of a key point may be 1 to 10.");
    }
    if key_points.iter().any(|point| !is_plain(&point.text)) {
        return bad("a key point must not hold control characters.");
    }
    let filled = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let reference_answer = filled(rubric.reference_answer);
    if reference_answer.as_ref().is_some_and(|text| text.chars().count() > MAX_QUESTION) {
        return bad(&format!("the reference answer may have at most {MAX_QUESTION} characters."));
    }
    let language = filled(rubric.language);
    if language.as_ref().is_some_and(|text| text.chars().count() > MAX_LANGUAGE) {
        return bad(&format!("the language's name may have at most {MAX_LANGUAGE} characters."));
    }
    if [&reference_answer, &language].into_iter().flatten().any(|text| !is_plain(text)) {
        return bad("reference answer and language must not hold control characters.");
    }
    Ok(Rubric { key_points, reference_answer, language })
}
