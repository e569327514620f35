//! Inviting many candidates to a job.

use leptos::prelude::*;

use super::{
    Sheet,
    parts::{Area, once, text_area},
};
use crate::{
    components::{Page, above_form, words::count},
    error::AppError,
    model::Job,
    service::invitations::MAX_ROWS,
};

/// `/admin/jobs/{id}/invite`.
#[must_use]
pub fn invite(job: &Job, typed: &str, error: Option<&AppError>) -> Sheet {
    let area = Area {
        id: Some("csv".into()),
        class: "code",
        rows: 12,
        required: true,
        plain: true,
        autofocus: true,
        placeholder: Some(
            "name,email,phone\nAda Lovelace,ada@example.com,+44 20 7946 0000\nGrace Hopper,grace@example.com",
        ),
        described_by: Some("csv-form"),
        ..Area::default()
    };
    let address = format!("/admin/jobs/{}", job.id.0);
    let body = view! {
        <main id="main" class="narrow stack">
            <div class="who">
                <h1>"Invite candidates"</h1>
                <p class="dim">
                    "To " <a href=address.clone()>{job.title.clone()}</a> ", "
                    {asked(job)} "."
                </p>
            </div>
            <form method="post" action=format!("{address}/invite") class="card pad">
                {once()}
                <p id="csv-form">
                    {format!(
                        "One candidate in each line: name, e-mail address, and a phone number if there is one, with commas, \
                         semicolons or tabs between: as spreadsheets save them (CSV), or cells pasted from one. At most {MAX_ROWS} at once. Nobody is written to: \
                         you get a link for each candidate to send.",
                    )}
                </p>
                {above_form(error, &[])}
                <label class="field" hidden>
                    <span>"Fill in from a file"</span>
                    <input type="file" accept=".csv,text/csv,text/plain" data-into="csv" />
                </label>
                <label class="field">
                    <span>"Candidates"</span>
                    {text_area("csv", typed, area)}
                </label>
                <div class="row">
                    <button type="submit" class="btn main">
                        "Invite them"
                    </button>
                    <a class="btn quiet" href=address.clone()>
                        "Cancel"
                    </a>
                </div>
            </form>
        </main>
    };
    Sheet::new(format!("Invite to {}", job.title), Page::Jobs, body)
}

fn asked(job: &Job) -> String {
    let all = count(job.questions.len() as u32, "question");
    if job.max_questions as usize == job.questions.len() { all } else { format!("{all}, {} asked", job.max_questions) }
}
