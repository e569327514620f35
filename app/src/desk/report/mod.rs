//! The report of an interview: what a hiring team decides from, on the screen and on paper.

mod charts;
mod correction;
mod proctoring;
mod question;

use leptos::prelude::*;

pub use self::correction::CorrectionForm;
use super::{
    Sheet,
    parts::{done, figure, percent, time},
};
use crate::{
    components::{
        Page,
        words::{clock, count, end_reason, more_happened},
    },
    model::{Report, Session, SessionId, Speaker, Status, TimelineEntry, UnixMillis, Utterance},
};

/// Seconds after which a page that waits for its report looks again.
const RENEW_S: u32 = 2;

/// Whether there is a report.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportState {
    /// The interview is not over.
    NotEnded,
    /// Nothing was answered.
    Nothing,
    /// Answers are being evaluated.
    Making { evaluated: u32, answered: u32 },
    /// There is one. `current`: it holds everything that is known.
    Ready { report: Box<Report>, current: bool },
}

impl ReportState {
    /// How it stands with a session whose last report is `report`.
    #[must_use]
    pub fn of(session: &Session, report: Option<Report>) -> Self {
        let answered = session.answered();
        match report {
            _ if session.status != Status::Completed => Self::NotEnded,
            _ if answered == 0 => Self::Nothing,
            None => Self::Making { evaluated: session.evaluations.len() as u32, answered },
            Some(report) => Self::Ready { current: report.basis == session.basis, report: Box::new(report) },
        }
    }
}

/// What became of a correction that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// For the question with this index.
    Taken(u32),
    Refused(CorrectionForm),
}

/// `/admin/session/{id}/report`.
#[must_use]
pub fn report(session: &Session, state: &ReportState, corrected: Option<&Corrected>) -> Sheet {
    let name = session.candidate.name.clone();
    let title = format!("Report on {name}");
    let address = format!("/admin/session/{}", session.id);
    let job = session.job.as_ref().map(|job| format!("{} · ", job.title));
    let content = match state {
        ReportState::NotEnded => message(
            "The interview is not over",
            "A report is made by itself as soon as the interview has ended and its answers are evaluated.",
        ),
        ReportState::Nothing => message(
            "There is nothing to report on",
            "The interview ended without a single answer. What happened is in its timeline.",
        ),
        ReportState::Making { evaluated, answered } => making(*evaluated, *answered),
        ReportState::Ready { report, .. } => paper(report, corrected),
    };
    let news = match state {
        ReportState::Ready { current: false, .. } => {
            Some("Something changed since this report was made. It is being updated; this page shows it in a moment.")
        }
        _ => matches!(corrected, Some(Corrected::Taken(_))).then_some("The score was set."),
    };
    let body = view! {
        <main id="main" class="page report">
            <div class="row title">
                <div class="who">
                    <h1>{title.clone()}</h1>
                    <small>{job} <a href=format!("mailto:{}", session.candidate.email)>{session.candidate.email.clone()}</a></small>
                </div>
                <span class="grow"></span>
                <div class="row deeds">
                    {matches!(state, ReportState::Ready { .. }).then(|| downloads(session.id))}
                    <a class="btn quiet" href=address>
                        "Open the interview"
                    </a>
                </div>
            </div>
            {done(news)}
            {content}
        </main>
    };
    let waits = matches!(state, ReportState::Making { .. } | ReportState::Ready { current: false, .. });
    Sheet { renew_s: waits.then_some(RENEW_S), ..Sheet::new(title, Page::Session, body) }
}

fn downloads(id: SessionId) -> AnyView {
    let address = format!("/api/parallel_interview/session/{id}/report");
    view! {
        <a class="btn" href=format!("{address}.pdf")>
            "PDF"
        </a>
        <a class="btn" href=address>
            "JSON"
        </a>
    }
    .into_any()
}

fn message(title: &'static str, words: &'static str) -> AnyView {
    view! {
        <section class="card pad message">
            <h2>{title}</h2>
            <p>{words}</p>
        </section>
    }
    .into_any()
}

fn making(evaluated: u32, answered: u32) -> AnyView {
    view! {
        <section class="card pad">
            <h2>"The report is being made"</h2>
            <p role="status" class="num">
                {format!("{evaluated} of {} evaluated.", count(answered, "answer"))}
            </p>
            <progress class="wide" aria-label="Answers evaluated" value=evaluated max=answered></progress>
            <p class="dim">"This page shows it as soon as it is there."</p>
        </section>
    }
    .into_any()
}

fn paper(report: &Report, corrected: Option<&Corrected>) -> AnyView {
    let questions = report
        .questions
        .iter()
        .map(|one| {
            let (refused, here) = match corrected {
                Some(Corrected::Refused(form)) if form.question == one.index => (Some(form), false),
                Some(Corrected::Taken(index)) => (None, *index == one.index),
                _ => (None, false),
            };
            question::question(report.session_id, one, refused, here)
        })
        .collect_view();
    view! {
        <section class="card pad">
            <h2>"Summary"</h2>
            <p class="lead">{report.summary.clone()}</p>
            {figures(report)}
        </section>
        <div class="pair">{charts::criteria(report)} {charts::scores(report)}</div>
        <div class="pair">
            {list("Strengths", &report.strengths, "No answer reached a score of 7.")}
            {list("Gaps", &report.gaps, "None were found.")}
        </div>
        <section class="card">
            <header>
                <h2>"Questions and answers"</h2>
            </header>
            <ol class="numbered graded">{questions}</ol>
        </section>
        {proctoring::proctoring(report)}
        <div class="pair">{facts(report)} {list("What was not measured", &report.not_measured, "Nothing was left out.")}</div>
        {timeline(report)}
        {transcript(&report.transcript, report.created_at)}
    }
    .into_any()
}

fn figures(report: &Report) -> AnyView {
    let done = &report.completion;
    let evaluated = report.scores().count() as u32;
    let average = report.mean_score().map_or_else(|| "–".to_owned(), |mean| format!("{mean:.1}"));
    view! {
        <dl class="figures">
            {figure("Mean score", average, format!("of 10, over {}", count(evaluated, "answer")))}
            {figure("Answered", percent(done.rate), format!("{} of {}", done.answered, count(done.planned, "question")))}
            {figure("Asked", done.asked.to_string(), format!("of {} planned", done.planned))}
            {figure("Time used", clock(report.time_used_ms / 1000), "minutes and seconds".to_owned())}
            {figure("Violations", report.violations_count.to_string(), "counted, not verdicts".to_owned())}
        </dl>
    }
    .into_any()
}

fn list(title: &'static str, lines: &[String], none: &'static str) -> AnyView {
    let lines = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect::<Vec<_>>();
    let content = if lines.is_empty() {
        view! { <p class="dim">{none}</p> }.into_any()
    } else {
        view! { <ul class="list">{lines}</ul> }.into_any()
    };
    view! {
        <section class="card pad">
            <h2>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn facts(report: &Report) -> AnyView {
    let fact = |label: &'static str, value: AnyView| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let at = |at: Option<UnixMillis>| at.map_or_else(|| "–".into_any(), time);
    let text = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned()).into_any();
    let by = (!report.evaluated_by.is_empty()).then(|| report.evaluated_by.join(", "));
    view! {
        <section class="card pad">
            <h2>"Details"</h2>
            <dl class="facts">
                {fact("Candidate", text(Some(report.candidate.name.clone())))}
                {fact("E-mail address", text(Some(report.candidate.email.clone())))}
                {fact("Phone", text(report.candidate.phone.clone()))}
                {fact("Job", text(report.job.as_ref().map(|job| job.title.clone())))}
                {fact("Created", time(report.created_at))}
                {fact("Started", at(report.started_at))}
                {fact("Ended", at(report.ended_at))}
                {fact("End", text(report.end_reason.map(|reason| end_reason(reason).to_owned())))}
                {fact("Evaluated by", text(by))}
                {fact("Report made", time(report.made_at))}
                {fact("Interview", text(Some(report.session_id.to_string())))}
            </dl>
        </section>
    }
    .into_any()
}

fn timeline(report: &Report) -> AnyView {
    let from = report.created_at;
    let line = |entry: &TimelineEntry| {
        view! {
            <li>
                <span class="num">{clock(entry.at.since(from) / 1000)}</span>
                <span>{entry.text.clone()}</span>
            </li>
        }
    };
    view! {
        <section class="card long">
            <header>
                <h2>"Timeline"</h2>
                <small>"Minutes and seconds since the interview was made"</small>
            </header>
            <ol class="timeline">{report.timeline.iter().map(line).collect_view()}</ol>
            {(report.timeline_left_out > 0).then(|| view! { <p class="pad dim">{more_happened(report.timeline_left_out)}</p> })}
        </section>
    }
    .into_any()
}

fn transcript(said: &[Utterance], from: UnixMillis) -> AnyView {
    let line = |one: &Utterance| {
        let who = match one.speaker {
            Speaker::Interviewer => "Interviewer",
            Speaker::Candidate => "Candidate",
        };
        view! {
            <li>
                <small>
                    <b>{who}</b>
                    " "
                    <span class="num">{clock(one.at.since(from) / 1000)}</span>
                </small>
                <pre>{one.text.clone()}</pre>
            </li>
        }
    };
    view! {
        <section class="card long">
            <header>
                <h2>"Full transcript"</h2>
            </header>
            <ol class="said-by">{said.iter().map(line).collect_view()}</ol>
        </section>
    }
    .into_any()
}
