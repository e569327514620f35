//! Forms that are sent by the page's own code, and by the browser where there is no JavaScript.

use leptos::{html::Form, prelude::*, server::ServerActionError, server_fn::error::ServerFnUrlError};

use crate::{browser, error::AppError};

/// What stands in a form: names and values, in the order of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The value of the field with this name; empty if there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> String {
        self.all(name).next().unwrap_or_default().to_owned()
    }

    /// The values of the list with this name, whose fields are called `name[0]`, `name[1]` and so on.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let is_element = |field: &str| field.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
        self.0.iter().filter(|(field, _)| is_element(field)).map(|(_, value)| value.as_str()).collect()
    }

    /// All names and values.
    pub fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The values of all fields with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.each().filter(move |(field, _)| *field == name).map(|(_, value)| value)
    }
}

/// A form for the server function at `action`. With JavaScript, `on_send` gets what stands in it.
#[component]
pub fn PostForm(action: &'static str, on_send: Callback<Fields>, children: Children) -> impl IntoView {
    let node = NodeRef::<Form>::new();
    view! {
        <form
            node_ref=node
            method="post"
            action=action
            on:submit=move |event| {
                event.prevent_default();
                on_send.run(Fields::new(browser::fields(node)));
            }
        >
            {children()}
        </form>
    }
    .into_any()
}

/// Why the server refused this page's form when the browser sent it without JavaScript.
#[must_use]
pub fn refused_before(action: &str) -> Option<AppError> {
    use_context::<ServerActionError>()
        .filter(|error| error.path() == action)
        .map(|error| ServerFnUrlError::<AppError>::decode_err(error.err()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_their_order_and_leave_other_fields_alone() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = Fields::new(vec![
            field("name", "Ada"),
            field("questions[0]", "One?"),
            field("question_types[0]", "text"),
            field("questions[1]", ""),
        ]);
        assert_eq!(fields.one("name"), "Ada");
        assert_eq!(fields.one("phone"), "");
        assert_eq!(fields.list("questions"), ["One?", ""]);
        assert_eq!(fields.list("question_types"), ["text"]);
    }
}
