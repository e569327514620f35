//! What is kept about a candidate, for that candidate: what is recorded and for how long, what was noticed, and what there is
//! to say about it.

use leptos::prelude::*;
use proctor::policy::Severity;

use super::{
    Fields, Sheet,
    log_words::{Observed, Summary},
    parts::{Area, done, text_area, time},
};
use crate::{
    components::{
        above_form,
        violation_words::{ends_after, violation as violation_words},
        words::{clock, count, lasted},
    },
    error::{AppError, ErrorKind},
    model::{Decision, Invite, Proctoring, Session, Status, UnixMillis, Violation, ViolationKey},
    validate::MAX_NOTICE,
};

/// What a candidate wrote about a violation, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteForm {
    pub violation: ViolationKey,
    pub note: String,
    pub trouble: Option<AppError>,
}

impl NoteForm {
    /// What was sent.
    ///
    /// # Errors
    /// When it is not said what it is about.
    pub fn read(fields: &Fields) -> Result<Self, AppError> {
        let unclear = |_| AppError::bad_request("It is not clear what this is about. Go back, and try again.");
        let violation = fields.one("violation").parse().map_err(unclear)?;
        Ok(Self { violation, note: fields.one("note"), trouble: None })
    }
}

/// What the page shows.
pub struct RecordView<'a> {
    pub invite: &'a Invite,
    pub session: &'a Session,
    /// Whether a note was just saved.
    pub noted: bool,
    pub refused: Option<&'a NoteForm>,
    pub log: &'a OwnLog,
}

/// What the candidate can see of the own log.
pub enum OwnLog {
    /// Not while the interview goes on.
    Later,
    /// It cannot be shown now: why, as a sentence.
    Not(&'static str),
    Told {
        summary: Summary,
        /// Whether a part of it cannot be read.
        damaged: bool,
    },
}

/// `/i/{invite}/record`.
#[must_use]
pub fn record(view: &RecordView) -> Sheet {
    let session = view.session;
    let address = format!("/i/{}", view.invite.0);
    let content = match (session.consent_at, &session.proctoring) {
        (None, _) => view! {
            <section class="card pad">
                <h2>"Nothing is recorded yet"</h2>
                <p>"You are asked first, when you open your interview. Until you agree, nothing is recorded."</p>
            </section>
        }
        .into_any(),
        (Some(at), None) => view! {
            {recorded(at, None, session)}
            {yours(view, &address)}
        }
        .into_any(),
        (Some(at), Some(kept)) => view! {
            {recorded(at, Some(kept), session)}
            {noticed(view, kept, &address)}
            {log(view, kept)}
            {yours(view, &address)}
        }
        .into_any(),
    };
    let body = view! {
        <main id="main" class="narrow stack own-record">
            <div class="row title">
                <div class="who">
                    <h1>"What is recorded about you"</h1>
                    <small>{session.candidate.name.clone()}</small>
                </div>
                <span class="grow"></span>
                <a class="btn" href=address.clone()>
                    "Back to your interview"
                </a>
            </div>
            {done(view.noted.then_some("Your note was saved. The people who review your interview read it."))}
            {content}
        </main>
    };
    Sheet::candidate("What is recorded about you", above(session), body)
}

fn above(session: &Session) -> String {
    session.job.as_ref().map_or_else(|| "Interview".to_owned(), |job| job.title.clone())
}

fn recorded(agreed_at: UnixMillis, kept: Option<&Proctoring>, session: &Session) -> AnyView {
    let watched = kept.map(|kept| {
        let ends = kept.rules.terminate_after().map(|number| view! { <li>{ends_after(number)}</li> });
        view! {
            <li>
                "What your browser makes out in the camera's picture (how many people, where a head is turned), and what happens to the page: leaving it, copying, pasting and the like."
            </li>
            <li>
                "That it was loud, or that several voices were heard: your browser listens. No sound is kept."
            </li>
            <li>
                "Single pictures: one of your face at each visit before the start, one now and then at times that nobody can foresee, and a few when something is noticed."
            </li>
            {ends}
        }
    });
    let long = kept.map(|kept| {
        let days = count(u32::from(kept.rules.keep_days), "day");
        match (kept.erased_at, session.ended_at) {
            (Some(at), _) => view! { <p>"Pictures and logs were erased " {time(at)} "."</p> }.into_any(),
            (None, Some(end)) => {
                let due = kept.rules.kept_until(end);
                view! { <p>"Pictures and logs are kept for " {days} " after the end, until " {time(due)} ", and then erased."</p> }
                    .into_any()
            }
            (None, None) => {
                let due = kept.rules.kept_until(session.last_active_at());
                view! {
                    <p>
                        "Pictures and logs are kept for " {days} " after the end of the interview, and then erased. If it never ends, they are erased so long after you were last here: "
                        {time(due)} ", as it stands."
                    </p>
                }
                .into_any()
            }
        }
    });
    let live = if kept.is_some_and(|kept| kept.rules.asks().share_screen) {
        "Live picture and sound, and your screen if you share it, go to the people who hold the interview. They are not recorded."
    } else {
        "Live picture and sound go to the people who hold the interview. They are not recorded."
    };
    view! {
        <section class="card pad">
            <h2>"What is recorded"</h2>
            <ul class="list">
                <li>"Your answers, when you gave them, and when your page was connected."</li>
                {watched}
                <li>{live}</li>
            </ul>
            {long}
            <p class="dim">"You agreed " {time(agreed_at)} "."</p>
        </section>
    }
    .into_any()
}

fn noticed(view: &RecordView, kept: &Proctoring, address: &str) -> AnyView {
    let mut shown: Vec<_> = kept.violations.iter().filter(|violation| violation.shown).collect();
    shown.sort_by_key(|violation| violation.key);
    let over = view.session.status == Status::Completed;
    let zero = kept.began_at.unwrap_or(view.session.created_at);
    let list = if shown.is_empty() {
        view! { <p>"Nothing so far."</p> }.into_any()
    } else {
        let all = shown.into_iter().map(|it| entry(view, it, zero, over, address)).collect_view();
        view! { <ol class="flags">{all}</ol> }.into_any()
    };
    let when = if over { "" } else { " What they decide stands here after the interview." };
    view! {
        <section class="card pad">
            <h2>"What was noticed"</h2>
            <p>
                "These are hints for people, not verdicts: a person looks at each, with what you say about it." {when}
            </p>
            {list}
        </section>
    }
    .into_any()
}

fn log(view: &RecordView, kept: &Proctoring) -> AnyView {
    let zero = kept.began_at.unwrap_or(view.session.created_at);
    let content = match view.log {
        OwnLog::Later => {
            view! { <p>"What was observed, flagged or not, stands here when the interview is over."</p> }.into_any()
        }
        OwnLog::Not(why) => view! { <p>{*why}</p> }.into_any(),
        OwnLog::Told { summary, damaged } => {
            let lines = summary.lines().iter().map(|line| observed(line, zero)).collect_view();
            let damaged = damaged.then(|| view! { <p class="problem">"A part of it cannot be read any more."</p> });
            let more = (summary.left_out() > 0).then(|| {
                view! { <p class="dim">{format!("{} more lines are in the file below.", summary.left_out())}</p> }
            });
            view! {
                <p>
                    "All that your browser reported, flagged or not. Looks that showed the same stand in one line; the file below has each, and how often your browser looked."
                </p>
                {damaged}
                <details>
                    <summary>{format!("Show the log ({})", count(summary.lines().len() as u32, "line"))}</summary>
                    <table class="log">
                        <thead>
                            <tr>
                                <th scope="col">"At"</th>
                                <th scope="col">"For"</th>
                                <th scope="col">"What was observed"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                </details>
                {more}
            }
            .into_any()
        }
    };
    view! {
        <section class="card pad">
            <h2>"Your log"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn observed(line: &Observed, zero: UnixMillis) -> AnyView {
    let lasted = line.to.since(line.from) / 1000;
    view! {
        <tr>
            <td class="num">{clock(line.from.since(zero) / 1000)}</td>
            <td class="num">{(lasted > 0).then(|| clock(lasted))}</td>
            <td>{line.words.clone()}</td>
        </tr>
    }
    .into_any()
}

fn entry(view: &RecordView, violation: &Violation, zero: UnixMillis, over: bool, address: &str) -> AnyView {
    let key = violation.key;
    let still = if over { "until the end" } else { "goes on" };
    let lasted = violation.to.map_or_else(|| still.to_owned(), |to| lasted(to.since(violation.from)));
    let info = (violation.severity == Severity::Info).then_some(" · for information only");
    let decision = violation.review.as_ref().filter(|_| over).map(|review| {
        let words = match review.decision {
            Decision::Confirmed => "A person looked at it and confirmed it",
            Decision::Dismissed => "A person looked at it and dismissed it: it does not count",
            Decision::Escalated => "A person looked at it and asked somebody else to decide",
        };
        let reason = (!review.reason.is_empty()).then(|| {
            view! {
                ". "
                <q>{review.reason.clone()}</q>
            }
        });
        view! { <p class=format!("decided {}", review.decision.as_str())>{words} {reason} " · " {time(review.at)}</p> }
    });
    let refused = view.refused.filter(|form| form.violation == key);
    let text = refused.map(|form| form.note.as_str()).or(violation.note.as_deref()).unwrap_or_default();
    let error = refused.and_then(|form| form.trouble.as_ref());
    let area = Area {
        rows: 2,
        max: Some(MAX_NOTICE),
        required: true,
        autofocus: refused.is_some(),
        label: Some(format!("Your note: {}", violation_words(key.kind))),
        ..Area::default()
    };
    let said = violation.note.clone().map(|note| {
        view! {
            <div class="own-words">
                <small>"You say"</small>
                <q>{note}</q>
            </div>
        }
    });
    let word = if violation.note.is_some() { "Change your note" } else { "Add a note" };
    view! {
        <li id=format!("v-{key}") class="flag own">
            <div class="head">
                <h3>{violation_words(key.kind)}</h3>
                <span class="num">{clock(violation.from.since(zero) / 1000)}</span>
                <small class="num">{lasted} " · " {time(violation.from)} {info}</small>
            </div>
            {decision}
            {said}
            <details class="decide" open=refused.is_some()>
                <summary>
                    {word} <span class="unseen">{format!(" about: {}", violation_words(key.kind))}</span>
                </summary>
                <form method="post" action=format!("{address}/record") class="stack">
                    {above_form(error, &[])}
                    <input type="hidden" name="violation" value=key.to_string() />
                    <div class="field">{text_area("note", text, area)}</div>
                    <div>
                        <button type="submit" class="btn">
                            "Save note"
                        </button>
                    </div>
                </form>
            </details>
        </li>
    }
    .into_any()
}

fn yours(view: &RecordView, address: &str) -> AnyView {
    let content = if view.session.status == Status::Completed {
        view! {
            <p>
                "One file (JSON) with your answers, what happened and when, the whole log, what was noticed, your notes, what was decided, and the pictures that are still kept."
            </p>
            <p>
                <a class="btn main" href=format!("{address}/record/download") download>
                    "Download what is kept about you"
                </a>
            </p>
        }
        .into_any()
    } else {
        view! { <p>"When the interview is over you can download here what is kept about you."</p> }.into_any()
    };
    view! {
        <section class="card pad">
            <h2>"Your data"</h2>
            {content}
        </section>
    }
    .into_any()
}

/// Instead of the record: why there is none. `again`: the address at which to try once more.
#[must_use]
pub fn no_record(error: &AppError, again: Option<&str>) -> Sheet {
    let again = again.filter(|_| error.is_transient()).map(|address| {
        view! {
            <p>
                <a class="btn main" href=address.to_owned()>
                    "Try again"
                </a>
            </p>
        }
    });
    let title = if error.kind == ErrorKind::NotFound { "This link does not work" } else { "That did not work" };
    let body = view! {
        <main id="main" class="narrow">
            <section class="card pad message">
                <h1>{title}</h1>
                <p>{error.detail.clone()}</p>
                {again}
            </section>
        </main>
    };
    Sheet::candidate(title, "Interview", body)
}
