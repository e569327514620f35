//! The HTML document around every page of the desk, and what it may load.

use leptos::{nonce::Nonce, prelude::*};

use crate::{
    components::{AdminBar, Page},
    service::Assets,
};

/// A few lines for those who have scripts: local times, pages that renew themselves, files put into their field.
const SCRIPT: &str = include_str!("desk.js");

/// A page before it is written out.
pub struct Sheet {
    pub(super) title: String,
    pub(super) bar: Bar,
    /// Seconds after which it shows something new. `None`: it stays as it is.
    pub(super) renew_s: Option<u32>,
    pub(super) body: AnyView,
}

/// What stands above a page.
pub(super) enum Bar {
    Admin(Page),
    /// A candidate's page: a title, and nothing that leads to other people's.
    Candidate(String),
}

impl Bar {
    fn render(self) -> AnyView {
        match self {
            Self::Admin(page) => view! { <AdminBar page=page /> }.into_any(),
            Self::Candidate(title) => view! {
                <header class="bar">
                    <span class="mark">{title}</span>
                </header>
            }
            .into_any(),
        }
    }
}

/// A page as it is sent.
pub struct Document {
    pub html: String,
    /// Its Content-Security-Policy.
    pub policy: String,
}

impl Sheet {
    pub(super) fn new(title: impl Into<String>, page: Page, body: impl IntoAny) -> Self {
        Self { title: title.into(), bar: Bar::Admin(page), renew_s: None, body: body.into_any() }
    }

    /// A candidate's page. `above`: what stands in its bar.
    pub(super) fn candidate(title: impl Into<String>, above: impl Into<String>, body: impl IntoAny) -> Self {
        Self { title: title.into(), bar: Bar::Candidate(above.into()), renew_s: None, body: body.into_any() }
    }

    /// Writes it out, with the styles that the build left.
    #[must_use]
    pub fn render(self, assets: &Assets) -> Document {
        let nonce = Nonce::new();
        let Self { title, bar, renew_s, body } = self;
        let style = (!assets.style.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.style.clone() /> });
        // With scripts the page's own code does it, without losing the reader's place.
        let renew = renew_s.map(|seconds| {
            view! { <noscript inner_html=format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">")></noscript> }
        });
        let document = view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{format!("{title} · Parallel Interview")}</title>
                    <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                    {style}
                    {renew}
                </head>
                <body data-renew=renew_s>
                    {bar.render()}
                    {body}
                    <script nonce=nonce.to_string() inner_html=SCRIPT></script>
                </body>
            </html>
        };
        let policy = format!(
            "default-src 'none'; style-src 'self'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src 'self' data:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        // Marks for a browser's side that would take the page over. There is none, and what people wrote holds none: it is
        // escaped.
        let html = document.into_any().to_html().replace("<!>", "");
        Document { html, policy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(sheet: Sheet) -> Document {
        sheet.render(&Assets { style: "/pkg/main.css".into(), ..Assets::default() })
    }

    #[test]
    fn what_people_wrote_ends_no_title_and_no_field() {
        let evil = "</title></textarea><script>alert(1)</script>";
        let body = super::super::parts::text_area("text", evil, Default::default());
        let html = render(Sheet::new(evil, Page::Jobs, view! { <p>{evil}</p> {body} })).html;
        assert!(!html.contains("<script>"), "{html}");
        assert_eq!(html.matches("</title>").count(), 1);
        assert_eq!(html.matches("</textarea>").count(), 1);
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">") && html.ends_with("</body></html>"), "{html}");
    }

    #[test]
    fn only_its_own_script_runs() {
        let document = render(Sheet::new("A", Page::Jobs, view! { <p></p> }));
        let nonce = document.policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        assert!(document.html.contains(&format!("<script nonce=\"{nonce}\">")), "{}", document.html);
        assert_eq!(document.html.matches("<script").count(), 1);
        assert!(!document.html.contains("style="));
        assert!(!document.html.contains("<noscript>"));
    }

    #[test]
    fn pages_that_are_not_done_renew_themselves() {
        let sheet = Sheet { renew_s: Some(3), ..Sheet::new("A", Page::Jobs, view! { <p></p> }) };
        let html = render(sheet).html;
        assert!(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>"), "{html}");
        assert!(html.contains("data-renew=\"3\""));
    }
}
