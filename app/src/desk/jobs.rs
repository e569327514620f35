//! All jobs, and bringing one in from a file.

use leptos::prelude::*;

use super::{
    Place, Sheet,
    parts::{Area, done, empty, ledger, once, text_area, time},
};
use crate::{
    components::{
        Page, above_form,
        words::{count, duration},
    },
    error::AppError,
    model::{Job, JobSummary},
    service::Listed,
};

/// `/admin/jobs`: one page of the jobs that are looked for.
#[must_use]
pub fn jobs(jobs: &Listed<JobSummary>, place: &Place, did: Option<&str>) -> Sheet {
    let rows = jobs.items.iter().map(row).collect();
    let list = if jobs.items.is_empty() && !place.search.is_empty() {
        empty("No job matches.", "Its title is searched.", ("/admin/jobs", "Show all"))
    } else if jobs.items.is_empty() {
        let hint = "A job is a set of questions with rubrics. Make one, and invite many candidates to it at once.";
        empty("No jobs yet.", hint, ("/admin/jobs/new", "Make the first job"))
    } else {
        ledger(&["Title", "Questions", "Time for answers", "Last change"], true, rows)
    };
    let number = u32::try_from(jobs.total).unwrap_or(u32::MAX);
    let body = view! {
        <main id="main" class="page">
            <div class="row title">
                <h1>"Jobs"</h1>
                <span class="grow"></span>
                <a class="btn" href="/admin/jobs/import">
                    "Import"
                </a>
                <a class="btn main" href="/admin/jobs/new">
                    "New job"
                </a>
            </div>
            {done(did)}
            <section class="card" aria-label="Jobs">
                <header>
                    <h2>"Sets of questions"</h2>
                    <form class="row filter" method="get" action="/admin/jobs" role="search">
                        <input
                            type="search"
                            name="q"
                            aria-label="Search"
                            placeholder="Title"
                            value=place.search.clone()
                        />
                        <button type="submit" class="btn">
                            "Search"
                        </button>
                    </form>
                    <span class="grow"></span>
                    <small class="num">{count(number, "job")}</small>
                </header>
                {list}
                {place.links(jobs.total)}
            </section>
        </main>
    };
    Sheet::new("Jobs", Page::Jobs, body)
}

fn row(job: &JobSummary) -> AnyView {
    let address = format!("/admin/jobs/{}", job.id.0);
    let all = job.questions;
    let asked = (job.max_questions < all).then(|| format!(", {} asked", job.max_questions));
    let coding = duration(job.timers.coding_s);
    let times = format!("words {}, code {coding}", duration(job.timers.text_s));
    let named = |deed: &str| format!("{deed} {}", job.title);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=address.clone()>{job.title.clone()}</a>
                <small class="clip">{job.description.clone()}</small>
            </th>
            <td role="cell" class="num" data-label="Questions">
                {all.to_string()}
                {asked}
            </td>
            <td role="cell" data-label="Time">
                {times}
            </td>
            <td role="cell" class="num" data-label="Changed">
                {time(job.updated_at)}
            </td>
            <td role="cell" class="acts">
                <a class="btn quiet small" href=format!("{address}/invite") aria-label=named("Invite candidates to")>
                    "Invite"
                </a>
                <a class="btn quiet small" href=address.clone() aria-label=named("Edit")>
                    "Edit"
                </a>
                <a class="btn quiet small" href=format!("{address}/export") download aria-label=named("Export")>
                    "Export"
                </a>
            </td>
        </tr>
    }
    .into_any()
}

/// `/admin/jobs/import`.
#[must_use]
pub fn import(typed: &str, error: Option<&AppError>) -> Sheet {
    // Here the names of the fields are what stands on the page.
    let error = error.map(|error| AppError { advice: None, ..error.clone() });
    let area = Area {
        id: Some("json".into()),
        class: "code",
        rows: 14,
        required: true,
        plain: true,
        autofocus: true,
        placeholder: Some(
            "{ \"title\": \"Backend engineer\", \"questions\": [ { \"text\": \"…\", \"type\": \"text\" } ] }",
        ),
        ..Area::default()
    };
    let body = view! {
        <main id="main" class="narrow stack">
            <h1>"Import a job"</h1>
            <form method="post" action="/admin/jobs/import" class="card pad">
                {once()}
                <p>"Paste a job that was exported as JSON, here or from another deployment. It becomes a new job."</p>
                {above_form(error.as_ref(), &[])}
                <label class="field" hidden>
                    <span>"Fill in from a file"</span>
                    <input type="file" accept=".json,application/json" data-into="json" />
                </label>
                <label class="field">
                    <span>"JSON"</span>
                    {text_area("json", typed, area)}
                </label>
                <div class="row">
                    <button type="submit" class="btn main">
                        "Import job"
                    </button>
                    <a class="btn quiet" href="/admin/jobs">
                        "Cancel"
                    </a>
                </div>
            </form>
        </main>
    };
    Sheet::new("Import a job", Page::Jobs, body)
}

/// The name under which a job is exported: letters, digits and dashes.
#[must_use]
pub fn file_name(job: &Job) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = job.title.chars().map(word).collect();
    let slug = words.split_whitespace().collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(60).collect();
    if slug.is_empty() { "job.json".to_owned() } else { format!("{slug}.json") }
}
