//! Instead of a page: why there is none.

use leptos::prelude::*;

use super::{Fields, Sheet};
use crate::{
    components::Page,
    error::{AppError, ErrorKind},
};

/// How the same can be tried once more.
#[derive(Clone, Copy, Debug)]
pub enum Again<'a> {
    /// By opening an address.
    Open(&'a str),
    /// By sending a form again, so that nothing that was typed is lost.
    Send(&'a str, &'a Fields),
}

/// Why there is no page.
#[must_use]
pub fn problem(error: &AppError, again: Option<Again>) -> Sheet {
    let title = match error.kind {
        ErrorKind::NotFound => "Not found",
        ErrorKind::Unavailable | ErrorKind::Network | ErrorKind::Internal => "Not available right now",
        _ => "That did not work",
    };
    let again = again.filter(|_| error.is_transient()).map(|again| match again {
        Again::Open(path) => view! {
            <a class="btn main" href=path.to_owned()>
                "Try again"
            </a>
        }
        .into_any(),
        Again::Send(path, fields) => {
            let hidden = fields
                .each()
                .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> })
                .collect_view();
            view! {
                <form method="post" action=path.to_owned() class="stack">
                    <p>"What you wrote is not saved yet, and not lost either: this page holds it."</p>
                    {hidden}
                    <div>
                        <button type="submit" class="btn main">
                            "Send it again"
                        </button>
                    </div>
                </form>
            }
            .into_any()
        }
    });
    let body = view! {
        <main id="main" class="narrow">
            <section class="card pad message">
                <h1>{title}</h1>
                <p>{error.words().to_owned()}</p>
                {again}
                <p class="row">
                    <a class="btn" href="/admin">
                        "All interviews"
                    </a>
                    <a class="btn quiet" href="/admin/jobs">
                        "Jobs"
                    </a>
                </p>
            </section>
        </main>
    };
    Sheet::new(title, Page::Session, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Assets;

    #[test]
    fn what_was_typed_can_be_sent_again() {
        let fields = Fields::new(vec![("text".into(), "a \"b\"\n<c>".into()), ("text".into(), "d".into())]);
        let page = |error: &AppError| problem(error, Some(Again::Send("/x", &fields))).render(&Assets::default()).html;
        let html = page(&AppError::unavailable(2));
        assert!(html.contains("action=\"/x\"") && html.contains("name=\"text\" value=\"d\""), "{html}");
        assert!(html.contains("a &quot;b&quot;\n&lt;c&gt;") || html.contains("a &quot;b&quot;\n<c>"), "{html}");
        assert!(!page(&AppError::not_found("Gone.")).contains("action=\"/x\""), "that would help nobody");
    }
}
