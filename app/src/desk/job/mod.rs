//! The editor for one job.

mod question;

use leptos::prelude::*;

use self::question::row;
use super::{
    Sheet,
    job_form::{Focus, JobForm},
    parts::{Area, done, grave, once, text_area, time},
};
use crate::{
    components::{Page, above_form, aria, beside},
    error::{AppError, Field},
    model::{Asks, Job, MAX_VIOLATIONS, TERMINATE_AFTER},
    validate::{MAX_KEEP_DAYS, MAX_NAME, MAX_QUESTION, MAX_QUESTIONS, MAX_TIMER_S},
};

/// Fields that say themselves what is wrong with them.
const BESIDE: [Field; 9] = [
    Field::Title,
    Field::Description,
    Field::TextTimer,
    Field::CodingTimer,
    Field::MaxQuestions,
    Field::KeepDays,
    Field::TerminateAfter,
    Field::Policy,
    Field::Questions,
];

/// What the editor shows.
#[derive(Default)]
pub struct EditorView<'a> {
    /// The job as it is kept; `None` for a new one.
    pub job: Option<&'a Job>,
    pub form: JobForm,
    pub trouble: Option<&'a AppError>,
    pub done: Option<&'a str>,
    /// Somebody else saved in between: the revision that is kept now.
    pub conflict: Option<u32>,
    pub focus: Option<Focus>,
}

/// `/admin/jobs/new` and `/admin/jobs/{id}`.
#[must_use]
pub fn editor(view: EditorView) -> Sheet {
    let EditorView { job, form, trouble: error, done: did, conflict, focus } = view;
    let title = job.map_or("New job", |_| "Edit job");
    let address = job.map_or_else(|| "/admin/jobs/new".to_owned(), address);
    let watched = proctoring(&form, error);
    let JobForm { title: name, description, text_timer, coding_timer, max_questions, questions, revision, .. } = form;
    let document_title = if name.trim().is_empty() { title.to_owned() } else { name.clone() };
    let last = questions.len().saturating_sub(1);
    let rows =
        questions.iter().enumerate().map(|(place, question)| row(place, last, question, focus, error)).collect_view();
    let full = questions.len() >= MAX_QUESTIONS;
    let (invalid, described_by) = aria(error, Field::Title);
    let about_it = Area { rows: 3, max: Some(MAX_QUESTION), ..Area::default() }.refused(error, Field::Description);
    let body = view! {
        <main id="main" class="page desk">
            <form method="post" action=address.clone() class="stack">
                <input type="hidden" name="revision" value=revision />
                {once()}
                <div class="row title">
                    <h1>{title}</h1>
                    <span class="grow"></span>
                    // The first button is the one that Enter presses.
                    <button type="submit" class="btn main" name="action" value="save">
                        "Save"
                    </button>
                    {job.map(links)}
                </div>
                {done(did)}
                {above_form(error, &BESIDE)}
                {conflict.map(|revision| overwrite(&address, revision))}
                <fieldset class="card pad">
                    <legend>"The job"</legend>
                    <label class="field">
                        <span>"Title"</span>
                        <input
                            type="text"
                            name="title"
                            value=name
                            required
                            maxlength=MAX_NAME
                            autocomplete="off"
                            autofocus=invalid.is_some()
                            aria-invalid=invalid
                            aria-describedby=described_by
                        />
                    </label>
                    {beside(error, Field::Title)}
                    <label class="field">
                        <span>
                            "Description " <small>"(optional, for your team)"</small>
                        </span>
                        {text_area("description", &description, about_it)}
                    </label>
                    {beside(error, Field::Description)}
                    <div class="columns">
                        {number(
                            "Seconds for an answer in words",
                            "text_timer",
                            text_timer,
                            true,
                            MAX_TIMER_S,
                            (Field::TextTimer, error),
                        )}
                        {number(
                            "Seconds for an answer in code",
                            "coding_timer",
                            coding_timer,
                            true,
                            MAX_TIMER_S,
                            (Field::CodingTimer, error),
                        )}
                        {number(
                            "How many are asked (empty: all)",
                            "max_questions",
                            max_questions,
                            false,
                            MAX_QUESTIONS as u32,
                            (Field::MaxQuestions, error),
                        )}
                    </div>
                </fieldset>
                {watched}
                <section class="stack" aria-label="Questions">
                    <div class="row">
                        <h2>"Questions"</h2>
                        <small>"Asked in this order, from the first on. Empty ones do not count."</small>
                    </div>
                    {beside(error, Field::Questions)}
                    <ol class="numbered asks">{rows}</ol>
                    <div class="row">
                        <button type="submit" class="btn" name="action" value="add-question" formnovalidate disabled=full>
                            "Add question"
                        </button>
                        <span class="grow"></span>
                        <button type="submit" class="btn main" name="action" value="save">
                            "Save"
                        </button>
                    </div>
                </section>
            </form>
            {job.map(about)}
        </main>
    };
    Sheet::new(document_title, Page::Jobs, body)
}

fn proctoring(form: &JobForm, error: Option<&AppError>) -> AnyView {
    let JobForm { proctored, policy, keep_days, asks, terminate_after, .. } = form;
    let rules = Area { rows: 6, max: Some(MAX_QUESTION), ..Area::default() }.refused(error, Field::Policy);
    view! {
        <fieldset class="card pad">
            <legend>"Proctoring"</legend>
            <label class="check">
                <input type="checkbox" name="proctored" value="yes" checked=*proctored />
                <span>"Watch for what is against the rules: who is seen, other windows, pasted text"</span>
            </label>
            <p class="dim">
                "Candidates are told what is recorded before they agree. What is noticed is a hint for you, not a verdict: you confirm or dismiss it, and the report counts what was not dismissed."
            </p>
            <label class="check">
                <input type="checkbox" name=Asks::SHARE_SCREEN value="yes" checked=asks.share_screen />
                <span>"Ask candidates to share their whole screen: you see it live, it is not recorded"</span>
            </label>
            <label class="check">
                <input type="checkbox" name=Asks::FULLSCREEN value="yes" checked=asks.fullscreen />
                <span>"Ask candidates to stay in full screen"</span>
            </label>
            <div class="columns">
                {number(
                    "Days that pictures and logs are kept",
                    "keep_days",
                    keep_days.clone(),
                    true,
                    u32::from(MAX_KEEP_DAYS),
                    (Field::KeepDays, error),
                )}
                {number(
                    "End the interview after so many grave flags (empty: never)",
                    TERMINATE_AFTER,
                    terminate_after.clone(),
                    false,
                    MAX_VIOLATIONS as u32,
                    (Field::TerminateAfter, error),
                )}
            </div>
            <details open=!policy.trim().is_empty()>
                <summary>"Rules of your own"</summary>
                <label class="field">
                    <span>
                        "What differs from the usual rules, as JSON "
                        <small>"(empty: nothing; README, “Rules of proctoring”, has the names)"</small>
                    </span>
                    {text_area("policy", policy, rules)}
                </label>
                {beside(error, Field::Policy)}
            </details>
        </fieldset>
    }
    .into_any()
}

fn address(job: &Job) -> String {
    format!("/admin/jobs/{}", job.id.0)
}

fn links(job: &Job) -> AnyView {
    let address = address(job);
    view! {
        <a class="btn" href=format!("{address}/invite")>
            "Invite candidates"
        </a>
        <a class="btn quiet" href=format!("{address}/export") download>
            "Export"
        </a>
    }
    .into_any()
}

fn overwrite(address: &str, revision: u32) -> AnyView {
    let address = address.to_owned();
    view! {
        <div class="row">
            <a class="btn" href=address target="_blank">
                "Look at theirs in a new tab"
            </a>
            <button type="submit" class="btn stop" name="action" value=format!("overwrite-{revision}")>
                "Save mine instead"
            </button>
        </div>
    }
    .into_any()
}

fn about(job: &Job) -> AnyView {
    let delete = grave(
        "Delete this job …",
        "Interviews that were made from it stay. The questions and rubrics of the job itself are gone for good.",
        "Delete job",
        (format!("{}/delete", address(job)), ().into_any()),
    );
    view! {
        <footer class="stack">
            <p class="dim">
                "Interviews keep the questions they were made with: what you change here holds for new invitations only. Last change: "
                {time(job.updated_at)} "."
            </p>
            {delete}
        </footer>
    }
    .into_any()
}

fn number(
    label: &'static str,
    name: &'static str,
    value: String,
    required: bool,
    max: u32,
    (field, error): (Field, Option<&AppError>),
) -> AnyView {
    let (invalid, described_by) = aria(error, field);
    view! {
        <div>
            <label class="field">
                <span>{label}</span>
                <input
                    type="number"
                    name=name
                    value=value
                    required=required
                    min="1"
                    max=max
                    inputmode="numeric"
                    autofocus=invalid.is_some()
                    aria-invalid=invalid
                    aria-describedby=described_by
                />
            </label>
            {beside(error, field)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desk::{Action, Fields},
        service::Assets,
    };

    fn refused(pairs: &[(&str, &str)]) -> String {
        let given = [("title", "Backend"), ("text_timer", "60"), ("coding_timer", "60"), ("keep_days", "30")];
        let others = given.iter().filter(|(name, _)| pairs.iter().all(|(other, _)| other != name));
        let fields = others.chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (form, action) = JobForm::read(&Fields::new(fields.collect()));
        assert_eq!(action, Action::Save);
        let job = |wish| crate::validate::job(wish, crate::model::JobId("j".into()), crate::model::UnixMillis(0));
        let error = form.wish().and_then(job).expect_err("must be refused");
        let view = EditorView { form, trouble: Some(&error), ..EditorView::default() };
        editor(view).render(&Assets::default()).html
    }

    /// What stands between the field that was refused and the words about it.
    fn between(html: &str, words: &str) -> String {
        let (before, _) = html.split_once(words).unwrap_or_else(|| panic!("{words} is not said: {html}"));
        assert_eq!(html.matches("aria-invalid").count(), 1);
        let (_, between) = before.rsplit_once("aria-invalid").expect("the field comes first");
        between.to_owned()
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field() {
        for (name, value, words) in [
            ("max_questions", "0", "How many questions are asked must be a whole number from 1 on."),
            ("text_timer", "99999", "Give 1 to 86400 seconds as the time for an answer in words."),
            ("keep_days", "1000", "Keep pictures and logs for 1 to 365 days."),
            ("policy", "{\"gap\": 1}", "Change the rules of your own, which cannot be followed: unknown field gap,"),
        ] {
            let html = refused(&[("text", "Why?"), (name, value)]);
            let between = between(&html, words);
            assert!(!between.contains("<label") && between.len() < 400, "{name}: {between}");
        }
    }

    #[test]
    fn a_question_is_named_by_its_place_in_the_form_that_comes_back() {
        let long = "x".repeat(501);
        let html = refused(&[("text", ""), ("key_points", ""), ("text", "Why?"), ("key_points", &long)]);
        let between = between(&html, "Question 1: a key point may have at most 500 characters.");
        assert!(between.contains("Why?"), "{between}");
    }
}
