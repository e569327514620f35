//! What a session may be made of. The same checks run in forms and on the server; only the server's count.

mod jobs;
mod named;
mod words;

use crate::{
    error::{AppError, Field},
    interview::SessionPlan,
    model::{Candidate, Job, JobRef, NewInterview, Proctoring, ProctoringRules, Question, Rubric, TimeRules, Timers},
};

use self::named::{CODING_TIMER, EMAIL, NAME, Named, PHONE, TEXT_TIMER, at_question, no_questions_asked};
pub use jobs::job;
pub use words::{correction, note, notice, review};

/// Longest name, in characters.
pub const MAX_NAME: usize = 200;
/// Longest e-mail address, in characters (RFC 5321).
pub const MAX_EMAIL: usize = 254;
/// Longest phone number, in characters.
pub const MAX_PHONE: usize = 50;
/// Most questions of one session.
pub const MAX_QUESTIONS: usize = 200;
/// Longest question, in characters.
pub const MAX_QUESTION: usize = 10_000;
/// All questions of one session with their rubrics, in bytes. Each of them may be longer than its share.
pub const MAX_QUESTIONS_BYTES: usize = 1_000_000;
/// Longest timer, in seconds: a day.
pub const MAX_TIMER_S: u32 = 86_400;
/// Most key points of one question.
pub const MAX_KEY_POINTS: usize = 30;
/// Longest key point, in characters.
pub const MAX_KEY_POINT: usize = 500;
/// Longest name of a programming language, in characters.
pub const MAX_LANGUAGE: usize = 40;
/// Longest time for which pictures and logs of proctoring are kept, in days.
pub const MAX_KEEP_DAYS: u16 = 365;
/// Longest notice to a candidate, in characters.
pub const MAX_NOTICE: usize = 1_000;
/// Longest address of a webhook, in characters.
pub const MAX_URL: usize = 2_000;

/// Checks a wish for a session that brings its own questions, and fills in what it leaves open.
///
/// # Errors
/// A `BadRequest` that names the field and what is allowed.
pub fn plan(new: NewInterview) -> Result<SessionPlan, AppError> {
    let (candidate, timers) = without_questions(&new, Timers::default())?;
    let questions = questions(&new.questions, &new.question_types)?;
    fit_together(&questions)?;
    let all = questions.len() as u32;
    let max_questions = new.max_questions.map_or(all, |wanted| wanted.min(all));
    let proctoring = proctored(&new, &ProctoringRules::default());
    Ok(SessionPlan { candidate, job: None, questions, max_questions, timers, time: new.time, proctoring })
}

fn proctored(new: &NewInterview, rules: &ProctoringRules) -> Option<Proctoring> {
    let rules = ProctoringRules { enabled: new.proctored.unwrap_or(rules.enabled), ..rules.clone() };
    rules.enabled.then(|| Proctoring::new(rules))
}

/// Checks a wish for a session that takes its questions from a job, and takes from the job what it leaves open.
///
/// # Errors
/// As [`plan`].
pub fn plan_for(job: &Job, new: &NewInterview) -> Result<SessionPlan, AppError> {
    let (candidate, timers) = without_questions(new, job.timers)?;
    // It may have been made before there was such a limit.
    fit_together(&job.questions)?;
    let all = job.questions.len() as u32;
    Ok(SessionPlan {
        candidate,
        job: Some(JobRef { id: job.id.clone(), title: job.title.clone() }),
        questions: job.questions.clone(),
        max_questions: new.max_questions.unwrap_or(job.max_questions).min(all),
        timers,
        time: new.time,
        proctoring: proctored(new, &job.proctoring),
    })
}

/// Checks all but the questions, which a job may bring.
///
/// # Errors
/// As [`plan`].
fn without_questions(new: &NewInterview, default: Timers) -> Result<(Candidate, Timers), AppError> {
    let candidate = candidate(new)?;
    if new.max_questions == Some(0) {
        return Err(no_questions_asked());
    }
    time_rules(&new.time)?;
    let timers = Timers {
        text_s: timer(&TEXT_TIMER, new.text_question_timer, default.text_s)?,
        coding_s: timer(&CODING_TIMER, new.coding_question_timer, default.coding_s)?,
    };
    Ok((candidate, timers))
}

/// Checks accommodations.
///
/// # Errors
/// A `BadRequest` that names the field and what is allowed.
pub fn time_rules(rules: &TimeRules) -> Result<(), AppError> {
    let TimeRules { percent, extra_s, credit_question_s, credit_total_s } = *rules;
    if !(100..=TimeRules::MAX_PERCENT).contains(&percent) {
        let detail = "`time_multiplier` may be 1 to 5: the time for each question is 100 to 500 percent.";
        let words = format!("Give 100 to {} percent of the time.", TimeRules::MAX_PERCENT);
        return Err(AppError::bad_request(detail).at(Field::TimePercent, words));
    }
    let extra = format!("Give at most {} extra minutes.", TimeRules::MAX_S / 60);
    let credit = format!("Give back at most {} seconds.", TimeRules::MAX_S);
    for (seconds, field, words) in [
        (extra_s, Field::ExtraMinutes, extra),
        (credit_question_s, Field::CreditQuestion, credit.clone()),
        (credit_total_s, Field::CreditTotal, credit),
    ] {
        if seconds > TimeRules::MAX_S {
            let detail = "`extra_minutes` and what is given back for outages may be at most 60 minutes.";
            return Err(AppError::bad_request(detail).at(field, words));
        }
    }
    Ok(())
}

/// Checks who is invited.
///
/// # Errors
/// A `BadRequest` that names the field and what is allowed.
pub fn candidate(new: &NewInterview) -> Result<Candidate, AppError> {
    let name = required(&NAME, &new.name, MAX_NAME)?;
    let email = required(&EMAIL, &new.email, MAX_EMAIL)?;
    if !is_address(&email) {
        return Err(EMAIL.refuse(
            "must be an e-mail address, such as jane@example.com.",
            "Write one whole e-mail address, such as jane@example.com.",
        ));
    }
    let phone = new.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty());
    if let Some(phone) = phone {
        PHONE.on_one_line(phone, MAX_PHONE)?;
    }
    Ok(Candidate { name, email, phone: phone.map(str::to_owned) })
}

/// Whether it is one e-mail address, and nothing that a mail program might take for more than that.
pub(crate) fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    let two = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    two && !text.chars().any(|c| c.is_whitespace() || c.is_control() || ";,<>".contains(c))
}

/// Whether a text of several lines holds nothing that terminals and files of others might act on.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

fn required(field: &Named, value: &str, max: usize) -> Result<String, AppError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(field.refuse("is required and must not be empty.", format!("Fill in the {}.", field.label)));
    }
    field.on_one_line(value, max)?;
    Ok(value.to_owned())
}

fn questions(texts: &[String], kinds: &[crate::model::QuestionKind]) -> Result<Vec<Question>, AppError> {
    if !kinds.is_empty() && kinds.len() != texts.len() {
        return Err(AppError::bad_request(format!(
            "`questions` has {} entries and `question_types` has {}; they must have the same number.",
            texts.len(),
            kinds.len()
        )));
    }
    if texts.len() > MAX_QUESTIONS {
        let error = AppError::bad_request(format!("`questions` may have at most {MAX_QUESTIONS} entries."));
        let words = format!("Take some questions out: there may be at most {MAX_QUESTIONS}.");
        return Err(error.at(Field::Questions, words));
    }
    let mut questions = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let text = text.trim();
        if text.chars().count() > MAX_QUESTION {
            let number = index + 1;
            let detail = format!("Question {number} is too long: at most {MAX_QUESTION} characters are allowed.");
            return Err(at_question(number, detail));
        }
        if !is_plain(text) {
            let number = index + 1;
            let error = AppError::bad_request(format!("Question {number} must not hold control characters."));
            let words = format!("Take invisible control characters out of question {number}.");
            return Err(error.at(Field::Question(number), words));
        }
        if !text.is_empty() {
            questions.push(Question::new(text, kinds.get(index).copied().unwrap_or_default()));
        }
    }
    if questions.is_empty() {
        let error = AppError::bad_request("At least one question that is not empty is needed: give `questions`.");
        return Err(error.at(Field::Questions, "Write at least one question."));
    }
    Ok(questions)
}

/// Checks that a session has room for all of them: it is one document, and MongoDB takes 16 MiB.
fn fit_together(questions: &[Question]) -> Result<(), AppError> {
    let size = |Question { text, rubric: Rubric { key_points, reference_answer, language }, .. }: &Question| {
        let texts = [Some(text), reference_answer.as_ref(), language.as_ref()];
        let texts = texts.into_iter().flatten().chain(key_points.iter().map(|point| &point.text));
        texts.map(String::len).sum::<usize>()
    };
    let all: usize = questions.iter().map(size).sum();
    if all > MAX_QUESTIONS_BYTES {
        let detail = format!(
            "The questions with their key points and reference answers are too long together, by {} kB: at most {} MB can be \
             kept. Shorten some, or divide them among several jobs.",
            (all - MAX_QUESTIONS_BYTES).div_ceil(1_000),
            MAX_QUESTIONS_BYTES / 1_000_000,
        );
        return Err(AppError::refused(Field::Questions, detail));
    }
    Ok(())
}

fn timer(field: &Named, seconds: Option<u32>, default: u32) -> Result<u32, AppError> {
    match seconds {
        None => Ok(default),
        Some(seconds @ 1..=MAX_TIMER_S) => Ok(seconds),
        Some(_) => {
            let rule = format!("must be 1 to {MAX_TIMER_S} seconds.");
            Err(field.refuse(rule, format!("Give 1 to {MAX_TIMER_S} seconds as the {}.", field.label)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{JobId, KeyPoint, NewJob, NewQuestion, QuestionKind, UnixMillis};

    fn new() -> NewInterview {
        NewInterview {
            name: " Ada Lovelace ".into(),
            email: "ada@example.com".into(),
            questions: vec!["One?".into(), "  ".into(), "Two?".into()],
            ..NewInterview::default()
        }
    }

    fn refused(change: impl FnOnce(&mut NewInterview)) -> String {
        let mut wish = new();
        change(&mut wish);
        plan(wish).expect_err("must be refused").detail
    }

    #[test]
    fn defaults_are_filled_in_and_blank_questions_dropped() {
        let plan = plan(new()).unwrap();
        assert_eq!(plan.candidate.name, "Ada Lovelace");
        assert_eq!((plan.questions.len(), plan.max_questions), (2, 2));
        assert_eq!(plan.timers, Timers { text_s: 120, coding_s: 300 });
    }

    #[test]
    fn a_dropped_question_takes_its_type_along() {
        let types = vec![QuestionKind::Text, QuestionKind::Text, QuestionKind::Coding];
        let plan = plan(NewInterview { question_types: types, ..new() }).unwrap();
        assert_eq!(plan.questions[1].kind, QuestionKind::Coding);
    }

    #[test]
    fn max_questions_is_clamped() {
        assert_eq!(plan(NewInterview { max_questions: Some(99), ..new() }).unwrap().max_questions, 2);
    }

    #[test]
    fn jobs_and_corrections_hold_no_control_characters() {
        let good = || NewJob {
            title: "Job".into(),
            description: "Two\nlines\tand a tab".into(),
            questions: vec![NewQuestion { text: "Why?".into(), ..NewQuestion::default() }],
            ..NewJob::default()
        };
        let checked = |new: NewJob| job(new, JobId("job".into()), UnixMillis(0));
        checked(good()).unwrap();
        let error = checked(NewJob { description: "a\0b".into(), ..good() }).unwrap_err();
        assert_eq!(error.words(), "Take invisible control characters out of the description.");
        let changes: [fn(&mut Rubric); 3] = [
            |rubric| rubric.key_points = vec![KeyPoint { text: "a\u{1b}b".into(), weight: 1 }],
            |rubric| rubric.reference_answer = Some("a\0b".into()),
            |rubric| rubric.language = Some("a\0b".into()),
        ];
        for change in changes {
            let mut new = good();
            change(&mut new.questions[0].rubric);
            assert!(checked(new).unwrap_err().detail.starts_with("Question 1"));
        }
        correction(5.0, "a\u{1b}b").unwrap_err();
    }

    #[test]
    fn each_refusal_names_its_field() {
        assert!(refused(|w| w.name = "  ".into()).contains("name"));
        assert!(refused(|w| w.name = "Ada\r\nLovelace".into()).contains("name"));
        assert!(refused(|w| w.phone = Some("+1\n2".into())).contains("phone"));
        assert!(refused(|w| w.questions = vec!["a\u{0}b".into()]).contains("Question 1"));
        assert!(refused(|w| w.email = String::new()).contains("email"));
        for email in ["ada", "a@b@c", "x;y@z", "<b>@x", "a,b@c", "a b@c", "@c", "a@"] {
            assert!(refused(|w| w.email = email.into()).contains("email"), "{email}");
        }
        assert!(refused(|w| w.questions = vec![" ".into()]).contains("question"));
        assert!(refused(|w| w.question_types = vec![QuestionKind::Text]).contains("question_types"));
        assert!(refused(|w| w.max_questions = Some(0)).contains("max_questions"));
        assert!(refused(|w| w.text_question_timer = Some(0)).contains("text_question_timer"));
        assert!(refused(|w| w.coding_question_timer = Some(MAX_TIMER_S + 1)).contains("coding_question_timer"));
    }

    #[test]
    fn people_at_a_form_read_what_to_do_and_no_names_of_the_api() {
        type Change = fn(&mut NewInterview);
        let refused = |change: Change| {
            let mut wish = new();
            change(&mut wish);
            plan(wish).expect_err("must be refused")
        };
        let asked = |error: &AppError| (error.field().expect("a field"), error.words().to_owned());
        let timer = refused(|w| w.coding_question_timer = Some(0));
        assert_eq!(timer.detail, "`coding_question_timer` must be 1 to 86400 seconds.");
        assert_eq!(
            asked(&timer),
            (Field::CodingTimer, "Give 1 to 86400 seconds as the time for an answer in code.".into())
        );
        let email = refused(|w| w.email = "ada".into());
        assert_eq!(email.detail, "`email` must be an e-mail address, such as jane@example.com.");
        assert_eq!(asked(&email), (Field::Email, "Write one whole e-mail address, such as jane@example.com.".into()));
        let changes: [(Field, Change); 11] = [
            (Field::Name, |w| w.name = " ".into()),
            (Field::Name, |w| w.name = "n".repeat(MAX_NAME + 1)),
            (Field::Email, |w| w.email = "a\u{7f}@b.c".into()),
            (Field::Phone, |w| w.phone = Some("1".repeat(MAX_PHONE + 1))),
            (Field::Phone, |w| w.phone = Some("+1\n2".into())),
            (Field::Questions, |w| w.questions = vec![" ".into()]),
            (Field::Questions, |w| w.questions = vec!["?".into(); MAX_QUESTIONS + 1]),
            (Field::Question(2), |w| w.questions = vec!["One?".into(), "a\0b".into()]),
            (Field::Question(1), |w| w.questions = vec!["q".repeat(MAX_QUESTION + 1)]),
            (Field::TimePercent, |w| w.time.percent = 99),
            (Field::CreditTotal, |w| w.time.credit_total_s = TimeRules::MAX_S + 1),
        ];
        for (field, change) in changes {
            let (at, words) = asked(&refused(change));
            assert_eq!(at, field, "{words}");
            assert!(words.ends_with('.') && !words.contains(['`', '_']), "{words}");
        }
    }

    #[test]
    fn all_questions_of_a_session_fit_into_a_megabyte_with_their_rubrics() {
        // Three bytes each.
        let text = |characters: usize| "あ".repeat(characters);
        let full = || vec![text(10_000); 33];
        let wish = |questions| NewInterview { questions, ..new() };
        let refused = |error: AppError| {
            assert!(
                error.detail.contains("by 1 kB: at most 1 MB") && error.detail.contains("Shorten"),
                "{}",
                error.detail
            );
        };
        plan(wish([full(), vec![text(3_333)]].concat())).unwrap();
        refused(plan(wish([full(), vec![text(3_334)]].concat())).unwrap_err());

        let question = |text: String| NewQuestion { text, ..NewQuestion::default() };
        let job_in = |language: Option<&str>| {
            let rubric = Rubric {
                key_points: vec![KeyPoint { text: text(500), weight: 1 }; 2],
                reference_answer: Some(text(1_000)),
                language: language.map(str::to_owned),
            };
            let mut questions: Vec<_> = full().into_iter().map(question).collect();
            questions.push(NewQuestion { rubric, ..question(text(1_333)) });
            let new = NewJob { title: "Job".into(), questions, ..NewJob::default() };
            job(new, JobId("job".into()), UnixMillis(0))
        };
        let mut kept = job_in(None).unwrap();
        refused(job_in(Some("Go")).unwrap_err());
        plan_for(&kept, &new()).unwrap();
        kept.questions[0].rubric.language = Some("Go".into());
        refused(plan_for(&kept, &new()).unwrap_err());
    }
}
