//! What proctoring found in one interview, for a person to decide about: numbers, faces, a time axis, and each flag.

mod axis;
mod check;
mod course;
mod flag;

use leptos::prelude::*;
use proctor::policy::Severity;

pub use self::flag::DecisionForm;
use self::{
    axis::axis,
    check::faces,
    flag::{Around, flag},
};
use super::{
    Sheet,
    parts::{figure, time},
};
use crate::{
    components::{
        Notice, Page, Tone,
        violation_words::{HINTS, decision, fault as fault_words, severity, violation as violation_words},
        words::{clock, count, end_reason, status, unit},
    },
    model::{Decision, Fault, Proctoring, Recorded, Session, Status, UnixMillis, Violation, ViolationKey},
    service::{
        blind_words,
        proctoring::{LogState, SpotCheck, counted},
    },
};

/// In which order violations are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlagOrder {
    /// What is open first, and of that the gravest.
    #[default]
    Gravity,
    Time,
}

impl FlagOrder {
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        if word == "time" { Self::Time } else { Self::Gravity }
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gravity => "gravity",
            Self::Time => "time",
        }
    }

    fn sort(self, violations: &mut [&Violation]) {
        match self {
            Self::Gravity => violations.sort_by_key(|it| (!it.is_open(), std::cmp::Reverse(it.severity), it.key)),
            Self::Time => violations.sort_by_key(|it| it.key),
        }
    }
}

/// What the page shows.
pub struct ProctoringView<'a> {
    pub session: &'a Session,
    pub events: &'a [Recorded],
    /// None: they cannot be read.
    pub checks: Option<&'a [SpotCheck]>,
    pub log: &'a LogState,
    pub order: FlagOrder,
    /// What was just decided about.
    pub decided: Option<ViolationKey>,
    pub refused: Option<&'a DecisionForm>,
    pub now: UnixMillis,
}

/// `/admin/session/{id}/proctoring`.
#[must_use]
pub fn proctoring(view: &ProctoringView) -> Sheet {
    let session = view.session;
    let title = format!("Proctoring of {}", session.candidate.name);
    let address = format!("/admin/session/{}", session.id);
    let job = session.job.as_ref().map(|job| format!("{} · ", job.title));
    let (word, class) = status(session.status);
    let how = session.end_reason.map(|reason| format!(" · {}", end_reason(reason)));
    let report = (session.status == Status::Completed && session.answered() > 0).then(|| {
        view! {
            <a class="btn" href=format!("{address}/report")>
                "Report"
            </a>
        }
    });
    let content = match &session.proctoring {
        None => view! {
            <section class="card pad message">
                <h2>"This interview is not proctored"</h2>
                <p>"Nothing is watched, and nothing is recorded but answers and connections."</p>
            </section>
        }
        .into_any(),
        Some(kept) => found(view, kept),
    };
    let body = view! {
        <main id="main" class="page report proctoring">
            <div class="row title">
                <div class="who">
                    <h1>{title.clone()}</h1>
                    <small>{job} {time(session.started_at.unwrap_or(session.created_at))} {how}</small>
                </div>
                <span class=class>{word}</span>
                <span class="grow"></span>
                <div class="row deeds">
                    {report}
                    <a class="btn" href="/admin/review">
                        "All to review"
                    </a>
                    <a class="btn quiet" href=address>
                        "Open the interview"
                    </a>
                </div>
            </div>
            {content}
        </main>
    };
    Sheet::new(title, Page::Session, body)
}

fn found(view: &ProctoringView, kept: &Proctoring) -> AnyView {
    let session = view.session;
    let zero = kept.began_at.or(session.started_at).unwrap_or(session.created_at);
    let checks = view.checks.unwrap_or_default();
    let unreadable = view.checks.is_none().then_some(
        "The spot checks cannot be read: their recordings were damaged, or changed by somebody who is not this program.",
    );
    let pictures = match kept.erased_at {
        Some(at) => view! {
            <section class="card pad">
                <h2>"Faces"</h2>
                <p>
                    "Pictures and logs were erased " {time(at)} ": they are kept for "
                    {count(u32::from(kept.rules.keep_days), "day")} ". Decisions and notes stay."
                </p>
            </section>
        }
        .into_any(),
        None => view! {
            <section class="card">
                <header>
                    <h2>"Faces"</h2>
                    <small>"What the server asked for, at times that nobody can foresee"</small>
                </header>
                {unreadable.map(|text| view! { <Notice tone=Tone::Bad><p>{text}</p></Notice> })}
                {faces(session.id, kept.reference_at, checks, zero)}
            </section>
        }
        .into_any(),
    };
    view! {
        <section class="card pad">
            <h2>"At a glance"</h2>
            <p class="lead">{summary(kept)} " " <b>{HINTS}</b> " What they mean, you decide."</p>
            {failed(kept)}
            {unseen(view)}
            {figures(view, kept, checks)}
        </section>
        {pictures}
        <section class="card">
            <header>
                <h2>"Timeline"</h2>
                <small>"Each mark leads to its flag or picture, and the time there leads back"</small>
            </header>
            <div class="pad axis-box">
                <a class="skip-axis" href="#flags">
                    "Skip the timeline"
                </a>
                {axis(session, view.events, checks, zero, view.now)}
                {legend()}
            </div>
        </section>
        {flags(view, kept, zero)}
    }
    .into_any()
}

/// What kept the interview from being watched.
fn failed(kept: &Proctoring) -> AnyView {
    let line = |fault: &Fault| {
        view! {
            <p class="notice">
                <span>"Proctoring failed " {time(fault.at)} ": " {fault_words(fault.why)} ". The interview went on."</span>
            </p>
        }
    };
    kept.faults.iter().map(line).collect_view().into_any()
}

/// That the page could not look, as its log tells.
fn unseen(view: &ProctoringView) -> Option<AnyView> {
    let LogState::Read(replay) = view.log else { return None };
    let words = blind_words(view.session, replay.blind?);
    Some(view! { <p>{words} "; only the server's checks did."</p> }.into_any())
}

fn summary(kept: &Proctoring) -> String {
    let open = kept.undecided();
    match (open.count, open.worst) {
        _ if !kept.is_reported() && kept.violations.is_empty() => {
            "The candidate's page has not reported anything.".to_owned()
        }
        (0, _) if kept.count() == 0 => "There is nothing to decide.".to_owned(),
        (0, _) => "Everything is decided.".to_owned(),
        (number, worst) => {
            let worst = worst.map(|worst| format!(", the gravest of {} severity", severity(worst))).unwrap_or_default();
            format!("{} to be decided{worst}.", count(number, "flag"))
        }
    }
}

fn figures(view: &ProctoringView, kept: &Proctoring, checks: &[SpotCheck]) -> AnyView {
    let with = |decision: Decision| {
        let is = |it: &&Violation| it.review.as_ref().is_some_and(|review| review.decision == decision);
        kept.violations.iter().filter(is).count()
    };
    let notes = kept.violations.iter().filter(|it| it.severity == Severity::Info).count();
    let (looked_at, same) = counted(checks);
    let (log, words) = log(view, kept);
    view! {
        <dl class="figures">
            {figure("To decide", kept.undecided().count.to_string(), format!("{} escalated", with(Decision::Escalated)))}
            {figure(
                "Count",
                kept.count().to_string(),
                format!("{} confirmed, {} dismissed", with(Decision::Confirmed), with(Decision::Dismissed)),
            )}
            {figure("For information", notes.to_string(), "do not count".to_owned())}
            {figure("Spot checks", looked_at.to_string(), format!("{same} show the same person"))}
            {reported(view)}
            {figure("Log", log.to_owned(), words)}
        </dl>
    }
    .into_any()
}

/// How much of the interview the page reported.
fn reported(view: &ProctoringView) -> Option<AnyView> {
    let LogState::Read(replay) = view.log else { return None };
    let percent = replay.coverage?.percent();
    Some(figure("Reported", unit(percent, "%"), "of the time in which questions were open".to_owned()))
}

/// Whether the log is whole: in a word, and in a few.
fn log(view: &ProctoringView, kept: &Proctoring) -> (&'static str, String) {
    match view.log {
        LogState::None if kept.erased_at.is_some() => ("Erased", "after it was kept for long enough".to_owned()),
        LogState::None => ("None", "the page never reported".to_owned()),
        LogState::Read(replay) if replay.logs == 0 => ("None", "the page never reported".to_owned()),
        LogState::TooLong => ("Not read", "it is too long to be read in a moment".to_owned()),
        LogState::Unreadable => ("Damaged", "it cannot be read, or was changed from outside".to_owned()),
        LogState::OtherVersion => ("Not read", "another version of the program wrote it".to_owned()),
        LogState::Read(replay) => {
            let mut words = format!("{} in {}", entries(replay.entries), count(replay.batches, "part"));
            if replay.logs > 1 {
                words.push_str(&format!(", begun anew {}", times(replay.logs - 1)));
            }
            let over = view.session.status == Status::Completed && kept.uncounted == 0;
            if over {
                let flags = if replay.leads_to(kept) { "the same flags" } else { "other flags" };
                words.push_str(&format!("; read again, it leads to {flags}"));
            }
            if !replay.ended {
                words.push_str("; its end is missing");
            }
            (if replay.whole { "Whole" } else { "Not whole" }, words)
        }
    }
}

fn entries(number: u32) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

fn legend() -> AnyView {
    let key = |class: &'static str, word: &'static str| {
        view! {
            <li>
                <i class=class></i>
                {word}
            </li>
        }
    };
    view! {
        <ul class="legend">
            {key("key there", "connected")}
            {key("key apart", "not connected")}
            {key("key credit", "time given back")}
            {key("key same", "same person")}
            {key("key another", "somebody else, or another number of people")}
            {key("key untold", "cannot be told")}
        </ul>
    }
    .into_any()
}

fn flags(view: &ProctoringView, kept: &Proctoring, zero: UnixMillis) -> AnyView {
    let session = view.session;
    let mut violations: Vec<_> = kept.violations.iter().collect();
    view.order.sort(&mut violations);
    let order = |this: FlagOrder, word: &'static str| {
        let address = format!("/admin/session/{}/proctoring?order={}#flags", session.id, this.as_str());
        view! {
            <a class="btn small quiet" href=address aria-current=(view.order == this).then_some("true")>
                {word}
            </a>
        }
    };
    let around =
        Around { id: session.id, zero, order: view.order, erased: kept.erased_at.is_some(), refused: view.refused };
    let news = view.decided.and_then(|key| kept.violation(key)).and_then(|violation| {
        let review = violation.review.as_ref()?;
        let words = format!("{}: {}", decision(review.decision), violation_words(violation.key.kind).to_lowercase());
        let at = clock(violation.from.since(zero) / 1000);
        Some(view! {
            <p class="notice good" role="status">
                <span>{words} ", at " <a href=format!("#v-{}", violation.key)>{at}</a> "."</span>
            </p>
        })
    });
    let list = if violations.is_empty() {
        view! { <p class="empty dim">"Nothing was flagged and nothing noted."</p> }.into_any()
    } else {
        let all = violations.into_iter().map(|violation| flag(violation, &around)).collect_view();
        view! { <ol class="flags">{all}</ol> }.into_any()
    };
    let uncounted = (kept.uncounted > 0).then(|| {
        view! { <p class="pad dim">{format!("{} more are not listed: there were too many.", kept.uncounted)}</p> }
    });
    view! {
        <section class="card" id="flags" aria-labelledby="flags-title">
            <header>
                <h2 id="flags-title">"Flags and notes"</h2>
                <span class="grow"></span>
                <span class="row orders">{order(FlagOrder::Gravity, "Open and grave first")} {order(FlagOrder::Time, "By time")}</span>
            </header>
            {news}
            {list}
            {uncounted}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use proctor::policy::Kind;

    use super::*;
    use crate::model::Review;

    #[test]
    fn what_is_open_and_grave_comes_first() {
        let violation = |from_ms, severity, decided: bool| Violation {
            key: ViolationKey { from_ms, kind: Kind::Paste },
            severity,
            from: UnixMillis(i64::from(from_ms)),
            to: None,
            shown: true,
            detail: None,
            stills: vec![],
            pictures_missing: false,
            review: decided.then(|| Review {
                decision: Decision::Confirmed,
                reason: String::new(),
                by: String::new(),
                at: UnixMillis(0),
            }),
            earlier_reviews: vec![],
            note: None,
        };
        let all = [
            violation(1, Severity::Info, false),
            violation(2, Severity::Critical, true),
            violation(3, Severity::Low, false),
            violation(4, Severity::High, false),
        ];
        let sorted = |order: FlagOrder| {
            let mut these: Vec<_> = all.iter().collect();
            order.sort(&mut these);
            these.iter().map(|violation| violation.key.from_ms).collect::<Vec<_>>()
        };
        assert_eq!(sorted(FlagOrder::Gravity), [4, 3, 2, 1]);
        assert_eq!(sorted(FlagOrder::Time), [1, 2, 3, 4]);
        assert_eq!(FlagOrder::from_word("x"), FlagOrder::Gravity);
    }
}
