//! What fields are called: by integrators, and by people at a form. What is refused is said to both.

use crate::error::{AppError, Field};

/// A field with its names.
pub(super) struct Named {
    field: Field,
    /// As the API has it.
    name: &'static str,
    /// As it goes on in a sentence, after "the".
    pub label: &'static str,
}

const fn named(field: Field, name: &'static str, label: &'static str) -> Named {
    Named { field, name, label }
}

pub(super) const NAME: Named = named(Field::Name, "name", "name");
pub(super) const EMAIL: Named = named(Field::Email, "email", "e-mail address");
pub(super) const PHONE: Named = named(Field::Phone, "phone", "phone number");
pub(super) const TITLE: Named = named(Field::Title, "title", "title");
pub(super) const DESCRIPTION: Named = named(Field::Description, "description", "description");
pub(super) const TEXT_TIMER: Named = named(Field::TextTimer, "text_question_timer", "time for an answer in words");
pub(super) const CODING_TIMER: Named = named(Field::CodingTimer, "coding_question_timer", "time for an answer in code");

impl Named {
    /// `rule` goes on after the API's name; `words` say what to do.
    pub fn refuse(&self, rule: impl AsRef<str>, words: impl Into<String>) -> AppError {
        AppError::bad_request(format!("`{}` {}", self.name, rule.as_ref())).at(self.field, words)
    }

    pub fn too_long(&self, max: usize) -> AppError {
        let words = format!("Shorten the {}: it may have at most {max} characters.", self.label);
        self.refuse(format!("may have at most {max} characters."), words)
    }

    /// Of a text that may have several lines.
    pub fn not_plain(&self) -> AppError {
        self.holds("invisible control characters")
    }

    fn holds(&self, what: &str) -> AppError {
        self.refuse("must not hold control characters.", format!("Take {what} out of the {}.", self.label))
    }

    /// Checks a value that is not too long and holds nothing that terminals and files of others might act on.
    ///
    /// # Errors
    /// What is allowed.
    pub fn on_one_line(&self, value: &str, max: usize) -> Result<(), AppError> {
        if value.chars().count() > max {
            return Err(self.too_long(max));
        }
        if value.chars().any(char::is_control) {
            return Err(self.holds("line breaks and invisible control characters"));
        }
        Ok(())
    }
}

/// What is wrong with a question, in words for everybody. `number` is 1 for the first.
pub(super) fn at_question(number: usize, detail: String) -> AppError {
    AppError::refused(Field::Question(number), detail)
}

pub(super) fn no_questions_asked() -> AppError {
    let words = "Let at least 1 question be asked, or leave it empty for all of them.";
    AppError::bad_request("`max_questions` must be 1 or more.").at(Field::MaxQuestions, words)
}
