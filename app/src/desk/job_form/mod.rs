//! What stands in the editor's form: read from it, changed by its buttons, and made into a job.

mod question;

pub use self::question::QuestionForm;
use self::question::new_question;
use super::Fields;
use crate::{
    error::{AppError, Field},
    model::{Asks, Job, KEEP_DAYS, NewJob, ProctoringRules, QuestionKind, TERMINATE_AFTER, Timers},
    validate::MAX_QUESTIONS,
};

/// What is asked for by the button that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Save,
    /// Save over the change that somebody else made with this revision.
    Overwrite(u32),
    Add,
    Up(usize),
    Down(usize),
    Remove(usize),
}

impl Action {
    /// The action of a button's value; [`Action::Save`] when it says nothing, as when Enter was pressed in a field.
    fn read(value: &str) -> Self {
        let place = |prefix: &str| value.strip_prefix(prefix).and_then(|rest| rest.parse::<usize>().ok());
        let change = [("up-", Self::Up as fn(usize) -> Self), ("down-", Self::Down), ("remove-", Self::Remove)];
        if let Some(revision) = value.strip_prefix("overwrite-").and_then(|rest| rest.parse().ok()) {
            return Self::Overwrite(revision);
        }
        if value == "add-question" {
            return Self::Add;
        }
        change.iter().find_map(|(prefix, action)| place(prefix).map(action)).unwrap_or(Self::Save)
    }
}

/// Where the keyboard goes when the form comes back changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Text(usize),
    Up(usize),
    Down(usize),
}

/// A job as it is typed, right or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobForm {
    pub title: String,
    pub description: String,
    pub text_timer: String,
    pub coding_timer: String,
    /// Empty: all questions are asked.
    pub max_questions: String,
    pub questions: Vec<QuestionForm>,
    pub proctored: bool,
    /// What differs from the default policy, as JSON. Empty: nothing.
    pub policy: String,
    pub keep_days: String,
    pub asks: Asks,
    /// So many grave violations end the interview. Empty: nothing does.
    pub terminate_after: String,
    /// The job's revision when the form was first shown; `None` for a new job.
    pub revision: Option<u32>,
}

impl JobForm {
    /// For a new job.
    #[must_use]
    pub fn blank() -> Self {
        let Timers { text_s, coding_s } = Timers::default();
        Self {
            text_timer: text_s.to_string(),
            coding_timer: coding_s.to_string(),
            questions: vec![QuestionForm::default()],
            proctored: true,
            keep_days: KEEP_DAYS.to_string(),
            ..Self::default()
        }
    }

    /// For changing a job.
    #[must_use]
    pub fn of(job: &Job) -> Self {
        let all = job.max_questions as usize == job.questions.len();
        Self {
            title: job.title.clone(),
            description: job.description.clone(),
            text_timer: job.timers.text_s.to_string(),
            coding_timer: job.timers.coding_s.to_string(),
            max_questions: if all { String::new() } else { job.max_questions.to_string() },
            questions: job.questions.iter().map(QuestionForm::from).collect(),
            proctored: job.proctoring.enabled,
            policy: own_rules(&job.proctoring.policy),
            asks: job.proctoring.asks(),
            terminate_after: job.proctoring.terminate_after().map(|flags| flags.to_string()).unwrap_or_default(),
            keep_days: job.proctoring.keep_days.to_string(),
            revision: Some(job.revision),
        }
    }

    /// What was sent. Every question sends each of its fields, so that fields of the same place belong together.
    #[must_use]
    pub fn read(fields: &Fields) -> (Self, Action) {
        let column = |name: &'static str| fields.all(name).map(str::to_owned).collect::<Vec<_>>();
        let texts = column("text");
        let [kinds, key_points, references, languages] = ["type", "key_points", "reference", "language"].map(column);
        let at = |column: &[String], index: usize| column.get(index).cloned().unwrap_or_default();
        let question = |(index, text)| QuestionForm {
            text,
            kind: if at(&kinds, index) == "coding" { QuestionKind::Coding } else { QuestionKind::Text },
            key_points: at(&key_points, index),
            reference: at(&references, index),
            language: at(&languages, index),
        };
        let form = Self {
            title: fields.one("title"),
            description: fields.one("description"),
            text_timer: fields.one("text_timer"),
            coding_timer: fields.one("coding_timer"),
            max_questions: fields.one("max_questions"),
            questions: texts.into_iter().take(MAX_QUESTIONS).enumerate().map(question).collect(),
            proctored: fields.one("proctored") == "yes",
            policy: fields.one("policy"),
            asks: Asks {
                share_screen: fields.one(Asks::SHARE_SCREEN) == "yes",
                fullscreen: fields.one(Asks::FULLSCREEN) == "yes",
            },
            terminate_after: fields.one(TERMINATE_AFTER),
            keep_days: fields.one("keep_days"),
            revision: fields.one("revision").parse().ok(),
        };
        let action = Action::read(&fields.one("action"));
        if matches!(action, Action::Save | Action::Overwrite(_)) {
            (form.without_blanks(), action)
        } else {
            (form, action)
        }
    }

    /// Without questions in which nothing was written: what is refused names a question by its number among the others.
    fn without_blanks(mut self) -> Self {
        if !self.questions.iter().all(QuestionForm::is_blank) {
            self.questions.retain(|question| !question.is_blank());
        }
        self
    }

    /// Does what a button asks for, as far as it is about questions. Places that do not exist change nothing.
    pub fn change(&mut self, action: Action) -> Option<Focus> {
        let count = self.questions.len();
        match action {
            Action::Save | Action::Overwrite(_) => None,
            Action::Add if count < MAX_QUESTIONS => {
                self.questions.push(QuestionForm::default());
                Some(Focus::Text(count))
            }
            Action::Up(place) if 0 < place && place < count => {
                self.questions.swap(place, place - 1);
                Some(if place == 1 { Focus::Down(0) } else { Focus::Up(place - 1) })
            }
            Action::Down(place) if place + 1 < count => {
                self.questions.swap(place, place + 1);
                Some(if place + 2 == count { Focus::Up(place + 1) } else { Focus::Down(place + 1) })
            }
            Action::Remove(place) if place < count => {
                self.questions.remove(place);
                if self.questions.is_empty() {
                    self.questions.push(QuestionForm::default());
                }
                Some(Focus::Text(place.min(self.questions.len() - 1)))
            }
            _ => None,
        }
    }

    /// The job that is wished for. Questions in which nothing was written do not count.
    ///
    /// # Errors
    /// What cannot be read, in words for the person who wrote it.
    pub fn wish(&self) -> Result<NewJob, AppError> {
        if self.title.trim().is_empty() {
            return Err(AppError::refused(Field::Title, "Give the job a title."));
        }
        let mut questions = Vec::new();
        for (number, question) in (1..).zip(&self.questions) {
            if question.is_blank() {
                continue;
            }
            if question.text.trim().is_empty() {
                let text = format!("Question {number} has no text. Write what is asked, or remove it.");
                return Err(AppError::refused(Field::Question(number), text));
            }
            questions.push(new_question(question));
        }
        if questions.is_empty() {
            return Err(AppError::refused(Field::Questions, "Write at least one question."));
        }
        Ok(NewJob {
            title: self.title.clone(),
            description: self.description.clone(),
            text_question_timer: number(Field::TextTimer, "The time for answers in words", &self.text_timer)?,
            coding_question_timer: number(Field::CodingTimer, "The time for answers in code", &self.coding_timer)?,
            max_questions: number(Field::MaxQuestions, "How many questions are asked", &self.max_questions)?,
            questions,
            proctoring: self.proctoring()?,
        })
    }

    fn proctoring(&self) -> Result<ProctoringRules, AppError> {
        let mut policy: serde_json::Map<_, _> = match self.policy.trim() {
            "" => serde_json::Map::new(),
            text => serde_json::from_str(text).map_err(|error| {
                AppError::refused(
                    Field::Policy,
                    format!("The rules of proctoring cannot be read as a JSON object: {error}"),
                )
            })?,
        };
        let Asks { share_screen, fullscreen } = self.asks;
        // Fields of their own count for more than what somebody wrote into the box.
        for (name, asked) in [(Asks::SHARE_SCREEN, share_screen), (Asks::FULLSCREEN, fullscreen)] {
            if asked {
                policy.insert(name.to_owned(), true.into());
            }
        }
        if let Some(flags) =
            number(Field::TerminateAfter, "The flags after which the interview ends", &self.terminate_after)?
        {
            policy.insert(TERMINATE_AFTER.to_owned(), flags.into());
        }
        let policy = if policy.is_empty() { serde_json::Value::Null } else { policy.into() };
        let keep_days = number(Field::KeepDays, "The days for which recordings are kept", &self.keep_days)?;
        let keep_days = keep_days.map_or(KEEP_DAYS, |days| days.try_into().unwrap_or(u16::MAX));
        Ok(ProctoringRules { enabled: self.proctored, policy, keep_days })
    }
}

/// What differs from the default policy, but for what has fields of its own.
fn own_rules(policy: &serde_json::Value) -> String {
    let mut rules = policy.as_object().cloned().unwrap_or_default();
    rules.retain(|name, _| ![Asks::SHARE_SCREEN, Asks::FULLSCREEN, TERMINATE_AFTER].contains(&name.as_str()));
    if rules.is_empty() { String::new() } else { format!("{:#}", serde_json::Value::Object(rules)) }
}

fn number(field: Field, what: &str, typed: &str) -> Result<Option<u32>, AppError> {
    match typed.trim() {
        "" => Ok(None),
        typed => match typed.parse::<u32>() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(AppError::refused(field, format!("{what} must be a whole number from 1 on."))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{JobId, UnixMillis},
        validate,
    };

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn typed(questions: &[&str]) -> JobForm {
        let question = |text: &&str| QuestionForm { text: (*text).to_owned(), ..QuestionForm::default() };
        JobForm { title: "Backend".into(), questions: questions.iter().map(question).collect(), ..JobForm::blank() }
    }

    fn texts(form: &JobForm) -> Vec<&str> {
        form.questions.iter().map(|question| question.text.as_str()).collect()
    }

    #[test]
    fn a_form_is_read_question_by_question() {
        let (form, action) = JobForm::read(&fields(&[
            ("title", "Backend"),
            ("revision", "3"),
            ("text", "One?"),
            ("type", "text"),
            ("key_points", "a\nb"),
            ("reference", ""),
            ("language", ""),
            ("text", "Two"),
            ("type", "coding"),
            ("key_points", ""),
            ("reference", "fn two() {}"),
            ("language", "Rust"),
            ("action", "down-0"),
        ]));
        assert_eq!((form.title.as_str(), form.revision, action), ("Backend", Some(3), Action::Down(0)));
        assert_eq!(texts(&form), ["One?", "Two"]);
        assert_eq!(form.questions[1].kind, QuestionKind::Coding);
        assert_eq!((form.questions[0].key_points.as_str(), form.questions[1].language.as_str()), ("a\nb", "Rust"));
    }

    #[test]
    fn enter_in_a_field_saves() {
        assert_eq!(JobForm::read(&fields(&[])).1, Action::Save);
        assert_eq!(Action::read("overwrite-4"), Action::Overwrite(4));
        assert_eq!(Action::read("up-x"), Action::Save);
    }

    #[test]
    fn questions_are_moved_added_and_removed() {
        let mut form = typed(&["a", "b", "c"]);
        assert_eq!(form.change(Action::Up(2)), Some(Focus::Up(1)));
        assert_eq!(texts(&form), ["a", "c", "b"]);
        assert_eq!(form.change(Action::Down(0)), Some(Focus::Down(1)));
        assert_eq!(texts(&form), ["c", "a", "b"]);
        assert_eq!(form.change(Action::Up(1)), Some(Focus::Down(0)), "the first one cannot go further up");
        assert_eq!(form.change(Action::Remove(2)), Some(Focus::Text(1)));
        assert_eq!(form.change(Action::Add), Some(Focus::Text(2)));
        assert_eq!(texts(&form), ["a", "c", ""]);
        for nothing in [Action::Up(0), Action::Down(2), Action::Remove(9), Action::Up(9), Action::Save] {
            assert_eq!(form.change(nothing), None);
        }
        assert_eq!(texts(&form), ["a", "c", ""]);
    }

    #[test]
    fn there_is_always_a_question_to_write_and_never_too_many() {
        let mut form = typed(&["a"]);
        form.change(Action::Remove(0));
        assert_eq!(form.questions, [QuestionForm::default()]);
        let mut form = typed(&["a"; MAX_QUESTIONS]);
        assert_eq!(form.change(Action::Add), None);
        assert_eq!(form.questions.len(), MAX_QUESTIONS);
    }

    #[test]
    fn what_is_missing_is_said() {
        let refused = |form: &JobForm| form.wish().expect_err("must be refused").detail;
        assert!(refused(&JobForm::blank()).contains("title"));
        assert!(refused(&typed(&["", " "])).contains("at least one"));
        let mut form = typed(&["One?", "", ""]);
        form.questions[2].reference = "Something".into();
        assert!(refused(&form).contains("Question 3"));
        form.questions[2].reference.clear();
        assert_eq!(form.wish().unwrap().questions.len(), 1, "blank ones do not count");
        for wrong in ["soon", "0", "-1", "1.5"] {
            assert!(refused(&JobForm { text_timer: wrong.into(), ..typed(&["One?"]) }).contains("words"));
            assert!(refused(&JobForm { max_questions: wrong.into(), ..typed(&["One?"]) }).contains("asked"));
        }
    }

    #[test]
    fn rules_have_fields_of_their_own_or_stand_in_the_box() {
        let rules = |form: JobForm| form.wish().map(|job| job.proctoring.policy);
        let form = JobForm { terminate_after: "3".into(), policy: r#"{"gap_ms": 3000}"#.into(), ..typed(&["One?"]) };
        assert_eq!(rules(form.clone()).unwrap(), serde_json::json!({"gap_ms": 3000, "terminate_after": 3}));
        let job = validate::job(form.wish().unwrap(), JobId("j".into()), UnixMillis(0)).unwrap();
        let again = JobForm::of(&job);
        assert_eq!((again.terminate_after.as_str(), again.policy.contains("terminate")), ("3", false));
        assert_eq!(
            rules(JobForm { terminate_after: String::new(), ..again }).unwrap(),
            serde_json::json!({"gap_ms": 3000})
        );
        let boxed = JobForm { policy: r#"{"terminate_after": 2, "fullscreen": true}"#.into(), ..typed(&["One?"]) };
        assert_eq!(rules(boxed.clone()).unwrap()["terminate_after"], 2, "nothing that was written gets lost");
        assert_eq!(rules(JobForm { terminate_after: "5".into(), ..boxed }).unwrap()["terminate_after"], 5);
        for wrong in ["0", "-1", "many"] {
            let refused = rules(JobForm { terminate_after: wrong.into(), ..typed(&["One?"]) }).unwrap_err();
            assert!(refused.detail.contains("flags after which"), "{}", refused.detail);
        }
    }

    #[test]
    fn a_job_survives_its_form() {
        let mut form = typed(&["One?", "Two"]);
        form.questions[1] = QuestionForm {
            text: "Two".into(),
            kind: QuestionKind::Coding,
            key_points: "5 | short\nfast".into(),
            reference: "fn two() {}".into(),
            language: "Rust".into(),
        };
        form.max_questions = "1".into();
        let job = validate::job(form.wish().unwrap(), JobId("j".into()), UnixMillis(0)).unwrap();
        assert_eq!(JobForm::of(&job), JobForm { revision: Some(1), ..form });
    }
}
