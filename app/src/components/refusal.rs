//! Why a form was not taken: beside the field that is to be changed, or above the form.

use leptos::prelude::*;

use super::{Notice, Tone};
use crate::error::{AppError, Field};

/// What the words beside a field have for an id; one field at a time is refused.
const WORDS_ID: &str = "refused";

/// Beside a field: what to do about it.
#[must_use]
pub fn beside(error: Option<&AppError>, field: Field) -> Option<AnyView> {
    let words = said(error.filter(|error| error.field() == Some(field))?);
    Some(view! { <small id=WORDS_ID class="problem" role="alert">{words}</small> }.into_any())
}

/// Above a form: what was refused, unless it is said beside one of `fields`. [`Field::Questions`] stands for each of them, too.
#[must_use]
pub fn above_form(error: Option<&AppError>, fields: &[Field]) -> Option<AnyView> {
    let field = error?.field().map(|field| if matches!(field, Field::Question(_)) { Field::Questions } else { field });
    let error = error.filter(|_| field.is_none_or(|field| !fields.contains(&field)))?;
    let words = said(error);
    Some(view! { <Notice tone=Tone::Bad><p>{words}</p></Notice> }.into_any())
}

/// Messages that integrators read, too, mark the names of fields.
fn said(error: &AppError) -> String {
    error.words().replace('`', "")
}

/// What a field says of itself to assistive technology: `aria-invalid` and `aria-describedby`.
#[must_use]
pub fn aria(error: Option<&AppError>, field: Field) -> (Option<&'static str>, Option<&'static str>) {
    if error.is_some_and(|error| error.field() == Some(field)) { (Some("true"), Some(WORDS_ID)) } else { (None, None) }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn html(view: Option<AnyView>) -> String {
        view.map_or_else(String::new, |view| view.to_html())
    }

    #[test]
    fn what_is_wrong_is_said_once_where_it_belongs() {
        let error = AppError::bad_request("`name` is required.").at(Field::Name, "Fill in the name.");
        assert!(html(beside(Some(&error), Field::Name)).contains("Fill in the name."));
        assert_eq!(aria(Some(&error), Field::Name), (Some("true"), Some("refused")));
        assert_eq!(html(beside(Some(&error), Field::Email)), "");
        assert_eq!(aria(Some(&error), Field::Email), (None, None));
        assert_eq!(html(above_form(Some(&error), &[Field::Email, Field::Name])), "");
        let there = html(above_form(Some(&error), &[Field::Email]));
        assert!(there.contains("Fill in the name.") && there.contains("role=\"alert\""), "{there}");
    }

    #[test]
    fn a_form_that_shows_questions_shows_each_of_them() {
        let error = AppError::bad_request("").at(Field::Question(3), "Shorten question 3.");
        assert_eq!(html(above_form(Some(&error), &[Field::Questions])), "");
        assert_ne!(html(above_form(Some(&error), &[Field::Title])), "");
    }

    #[test]
    fn what_is_about_no_field_stands_above_the_form() {
        let there = html(above_form(Some(&AppError::bad_request("`x` is taken.")), &[Field::Name]));
        assert!(there.contains("x is taken.") && !there.contains('`'), "{there}");
    }
}
