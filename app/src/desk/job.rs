//! The editor for one job.

use leptos::prelude::*;

use super::{
    Sheet,
    job_form::{Focus, JobForm, QuestionForm},
    parts::{Area, done, grave, once, text_area, time, trouble},
};
use crate::{
    components::Page,
    error::AppError,
    model::{Asks, Job, MAX_VIOLATIONS, QuestionKind, TERMINATE_AFTER},
    validate::{MAX_KEEP_DAYS, MAX_NAME, MAX_QUESTION, MAX_QUESTIONS, MAX_TIMER_S},
};

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
    let watched = proctoring(&form);
    let JobForm { title: name, description, text_timer, coding_timer, max_questions, questions, revision, .. } = form;
    let document_title = if name.trim().is_empty() { title.to_owned() } else { name.clone() };
    let last = questions.len().saturating_sub(1);
    let rows = questions.iter().enumerate().map(|(place, question)| row(place, last, question, focus)).collect_view();
    let full = questions.len() >= MAX_QUESTIONS;
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
                {trouble(error.map(|error| error.detail.as_str()))}
                {conflict.map(|revision| overwrite(&address, revision))}
                <fieldset class="card pad">
                    <legend>"The job"</legend>
                    <label class="field">
                        <span>"Title"</span>
                        <input type="text" name="title" value=name required maxlength=MAX_NAME autocomplete="off" />
                    </label>
                    <label class="field">
                        <span>
                            "Description " <small>"(optional, for your team)"</small>
                        </span>
                        {text_area("description", &description, Area { rows: 3, max: Some(MAX_QUESTION), ..Area::default() })}
                    </label>
                    <div class="columns">
                        {number("Seconds for an answer in words", "text_timer", text_timer, true, MAX_TIMER_S)}
                        {number("Seconds for an answer in code", "coding_timer", coding_timer, true, MAX_TIMER_S)}
                        {number("How many are asked (empty: all)", "max_questions", max_questions, false, MAX_QUESTIONS as u32)}
                    </div>
                </fieldset>
                {watched}
                <section class="stack" aria-label="Questions">
                    <div class="row">
                        <h2>"Questions"</h2>
                        <small>"Asked in this order, from the first on. Empty ones do not count."</small>
                    </div>
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

fn proctoring(form: &JobForm) -> AnyView {
    let JobForm { proctored, policy, keep_days, asks, terminate_after, .. } = form;
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
                {number("Days that pictures and logs are kept", "keep_days", keep_days.clone(), true, u32::from(MAX_KEEP_DAYS))}
                {number(
                    "End the interview after so many grave flags (empty: never)",
                    TERMINATE_AFTER,
                    terminate_after.clone(),
                    false,
                    MAX_VIOLATIONS as u32,
                )}
            </div>
            <details open=!policy.trim().is_empty()>
                <summary>"Rules of your own"</summary>
                <label class="field">
                    <span>
                        "What differs from the usual rules, as JSON "
                        <small>"(empty: nothing; README, “Rules of proctoring”, has the names)"</small>
                    </span>
                    {text_area("policy", policy, Area { rows: 6, max: Some(MAX_QUESTION), ..Area::default() })}
                </label>
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

fn number(label: &'static str, name: &'static str, value: String, required: bool, max: u32) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="number" name=name value=value required=required min="1" max=max inputmode="numeric" />
        </label>
    }
    .into_any()
}

fn row(place: usize, last: usize, question: &QuestionForm, focus: Option<Focus>) -> AnyView {
    let number = place + 1;
    let is = |kind: QuestionKind| question.kind == kind;
    let mover = |word: &'static str, action: &'static str, stuck: bool, focused: bool| {
        view! {
            <button
                type="submit"
                class="btn quiet small"
                name="action"
                value=format!("{action}-{place}")
                formnovalidate
                disabled=stuck
                autofocus=focused
                aria-label=format!("Move question {number} {}", word.to_lowercase())
            >
                {word}
            </button>
        }
        .into_any()
    };
    let text = Area {
        rows: 3,
        max: Some(MAX_QUESTION),
        label: Some(format!("Question {number}")),
        autofocus: focus == Some(Focus::Text(place)),
        ..Area::default()
    };
    view! {
        <li class="card ask">
            {text_area("text", &question.text, text)}
            <div class="row">
                <select name="type" aria-label=format!("Type of question {number}")>
                    <option value="text" selected=is(QuestionKind::Text)>
                        "Answer in words"
                    </option>
                    <option value="coding" selected=is(QuestionKind::Coding)>
                        "Answer in code"
                    </option>
                </select>
                <span class="grow"></span>
                {mover("Up", "up", place == 0, focus == Some(Focus::Up(place)))}
                {mover("Down", "down", place == last, focus == Some(Focus::Down(place)))}
                <button
                    type="submit"
                    class="btn quiet small stop"
                    name="action"
                    value=format!("remove-{place}")
                    formnovalidate
                    aria-label=format!("Remove question {number}")
                >
                    "Remove"
                </button>
            </div>
            {rubric(number, question)}
        </li>
    }
    .into_any()
}

fn rubric(number: usize, question: &QuestionForm) -> AnyView {
    let points = Area { rows: 4, label: Some(format!("Key points of question {number}")), ..Area::default() };
    let reference = Area {
        rows: 4,
        max: Some(MAX_QUESTION),
        class: if question.kind == QuestionKind::Coding { "code" } else { "" },
        label: Some(format!("Reference answer to question {number}")),
        ..Area::default()
    };
    view! {
        <details open=question.has_rubric()>
            <summary>"What a good answer has"</summary>
            <div class="rubric">
                <p class="dim">"Answers are measured by it. Candidates never see it."</p>
                <label class="field">
                    <span>"Key points"</span>
                    {text_area("key_points", &question.key_points, points)}
                    <small>
                        "One in each line. A number from 1 to 10 before it says how much it counts: " <code>"3 | names both clocks"</code>
                    </small>
                </label>
                <label class="field">
                    <span>
                        "Reference answer " <small>"(optional)"</small>
                    </span>
                    {text_area("reference", &question.reference, reference)}
                </label>
                <label class="field language">
                    <span>
                        "Language of the code " <small>"(optional)"</small>
                    </span>
                    <input type="text" name="language" value=question.language.clone() maxlength="40" autocomplete="off" />
                </label>
            </div>
        </details>
    }
    .into_any()
}
