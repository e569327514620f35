//! The admin's pages that the server alone renders: what can be done by plain forms, over both stores.

mod access;
mod invitations;
mod jobs;
mod proctoring;
mod reports;
mod webhooks;

use axum::http::{Method, header};

use crate::support::client::{Client, Reply};

impl Client {
    /// Sends a form as a browser without scripts does.
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let content = Some("application/x-www-form-urlencoded");
        self.with(header::ACCEPT, "text/html").send(Method::POST, path, content, form.finish().into_bytes()).await
    }
}

impl Reply {
    /// The page, which must be one, with this status.
    fn page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.header("content-type").starts_with("text/html"), "{}", self.text);
        assert!(self.header("content-security-policy").starts_with("default-src 'none'"), "its policy");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("x-frame-options"), "DENY");
        assert!(!self.text.contains("style=\"") && !self.text.contains("modulepreload"), "{}", self.text);
        &self.text
    }

    /// Where the redirect leads.
    fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location")
    }
}

const JOB: [(&str, &str); 15] = [
    ("title", "Backend engineer"),
    ("description", "For the\r\nplatform team"),
    ("text_timer", "90"),
    ("coding_timer", "240"),
    ("max_questions", ""),
    ("text", "What is a monad?"),
    ("type", "text"),
    ("key_points", "3 | bind\r\n\r\nreturn"),
    ("reference", "A monoid in the category of endofunctors."),
    ("language", ""),
    ("text", "Reverse a list."),
    ("type", "coding"),
    ("key_points", ""),
    ("reference", ""),
    ("language", "Rust"),
];

/// The form of [`JOB`] with some values replaced, and more fields at its end.
fn job_with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = JOB.to_vec();
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    fields
}

async fn make_job(admin: &Client) -> String {
    let reply = admin.form("/admin/jobs/new", &job_with(&[("action", "save")])).await;
    reply.leads_to().strip_suffix("?done=saved").expect("the job's page").to_owned()
}

/// What tells the form on a page from others.
fn token(page: &Reply) -> String {
    let after = page.page(200).split_once("name=\"once\" value=\"").expect("a form with a token").1;
    after.split('"').next().expect("its end").to_owned()
}
