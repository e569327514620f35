//! What a report says of proctoring, and of what proctoring could not see.

use std::time::Duration;

use proctor::policy::{Kind, Severity};

use super::{
    Proctor, ServiceError,
    proctoring::{LogState, counted},
};
use crate::{
    components::{
        violation_words::fault as fault_words,
        words::{clock, count, utc},
    },
    model::{
        Blind, Coverage, Decision, Fault, LogVerdict, Proctoring, ReportedProctoring, ReportedRecordings,
        ReportedViolation, Session, SessionId, UnixMillis, Violation,
    },
};

/// How long a report waits for a log to be read.
const PATIENCE: Duration = Duration::from_secs(20);

/// Milliseconds. When a page begins to look, and between questions, a moment may be missing.
const MOMENT_MS: i64 = 10_000;

/// What the recordings of a session came to.
///
/// # Errors
/// The store's.
pub(super) async fn recordings(proctor: &Proctor, id: SessionId) -> Result<ReportedRecordings, ServiceError> {
    let checks = proctor.readable_checks(id).await?;
    let (looked_at, same_person) = counted(checks.as_deref().unwrap_or_default());
    let (verdict, logs, ended, blind, coverage) = match proctor.log(id, PATIENCE).await? {
        LogState::Read(replay) => {
            let verdict = if replay.whole { LogVerdict::Whole } else { LogVerdict::Broken };
            (verdict, replay.logs, replay.ended, replay.blind, replay.coverage)
        }
        LogState::Unreadable => (LogVerdict::Broken, 0, true, None, None),
        LogState::None | LogState::TooLong | LogState::OtherVersion => (LogVerdict::NotRead, 0, true, None, None),
    };
    Ok(ReportedRecordings {
        spot_checks: looked_at as u32,
        same_person: same_person as u32,
        log: if checks.is_some() { verdict } else { LogVerdict::Broken },
        logs,
        ended,
        blind,
        coverage,
    })
}

/// The report's part on proctoring.
pub(super) fn of(session: &Session, recordings: Option<ReportedRecordings>) -> ReportedProctoring {
    let none = Proctoring::default();
    let kept = session.proctoring.as_ref().unwrap_or(&none);
    let number = |is: fn(&Violation) -> bool| kept.violations.iter().filter(|it| is(it)).count() as u32;
    let mut violations: Vec<_> = kept.violations.iter().filter(|violation| violation.counts()).collect();
    violations.sort_by_key(|violation| violation.key);
    let told = |violation: &Violation| ReportedViolation {
        kind: violation.key.kind,
        severity: violation.severity,
        from: violation.from,
        to: violation.to,
        review: violation.review.clone(),
        note: violation.note.clone(),
    };
    ReportedProctoring {
        proctored: session.proctoring.is_some(),
        reported: kept.is_reported(),
        reference: kept.reference_at.is_some(),
        recordings,
        violations: violations.into_iter().map(told).collect(),
        dismissed: number(|it| {
            let dismissed = it.review.as_ref().is_some_and(|review| review.decision == Decision::Dismissed);
            dismissed && it.severity > Severity::Info
        }),
        notes: number(|it| it.severity == Severity::Info),
        uncounted: kept.uncounted,
    }
}

/// What proctoring could not see, a line each.
pub(super) fn not_measured(session: &Session, recordings: Option<ReportedRecordings>) -> Vec<String> {
    let Some(kept) = &session.proctoring else {
        return vec!["The interview was not proctored.".to_owned()];
    };
    if !kept.is_reported() {
        let never = "The candidate's page never reported what it saw, so nothing was proctored.".to_owned();
        return std::iter::once(never).chain(kept.faults.iter().map(failed)).collect();
    }
    let mut lines: Vec<String> = kept.faults.iter().map(failed).collect();
    if kept.reference_at.is_none() {
        lines.push(
            "No face was captured at the device check: whether it was one person throughout is not known.".into(),
        );
    }
    if let Some(ReportedRecordings { spot_checks, log, logs, ended, blind, coverage, .. }) = recordings {
        lines.extend(who_looked(session, spot_checks, blind));
        if !ended {
            lines
                .push("The end of the log of proctoring is missing: the page went away before it had told all.".into());
        }
        match log {
            LogVerdict::Whole => {}
            LogVerdict::Broken => {
                lines.push("The log of proctoring is not whole: something is missing or was changed.".into())
            }
            LogVerdict::NotRead => lines.push("Whether the log of proctoring is whole was not found out.".into()),
        }
        lines.extend(coverage.and_then(unreported));
        if logs > 1 {
            let times = if logs == 2 { "once".to_owned() } else { format!("{} times", logs - 1) };
            lines.push(format!("The page began to report anew {times}: what it had not sent before is missing."));
        }
    }
    let silent = kept.violations.iter().filter(|violation| violation.key.kind == Kind::Unwatched);
    let silent_ms: i64 = silent.filter_map(|violation| Some(violation.to?.since(violation.from))).sum();
    if silent_ms > 0 {
        lines.push(format!(
            "For {} in all nothing, or too little, was seen though the page was connected.",
            clock(silent_ms / 1000)
        ));
    }
    if kept.uncounted > 0 {
        lines.push(format!("There was no room for {}.", count(kept.uncounted, "more flag")));
    }
    if let Some(at) = kept.erased_at {
        lines.push(format!("Pictures and logs were erased on {}.", utc(at)));
    }
    lines
}

/// For how long nothing was reported; moments are none of it.
fn unreported(coverage: Coverage) -> Option<String> {
    let Coverage { reported_ms, open_ms } = coverage;
    let [missing, open] = [open_ms - reported_ms, open_ms].map(|ms| clock(ms / 1000));
    let line = format!("Of {open} in which questions were open, {missing} went by with nothing reported.");
    (open_ms - reported_ms >= MOMENT_MS).then_some(line)
}

fn failed(fault: &Fault) -> String {
    format!("Proctoring failed on {}: {}. The interview went on.", utc(fault.at), fault_words(fault.why))
}

/// Whose eyes there were.
fn who_looked(session: &Session, spot_checks: u32, blind: Option<Blind>) -> Option<String> {
    let Some(blind) = blind else {
        return (spot_checks == 0)
            .then(|| "No spot check was made: only the candidate's own page looked at the camera's picture.".into());
    };
    let when = blind_words(session, blind);
    Some(if spot_checks == 0 {
        format!("{when}, and no spot check was made: nothing looked at it then.")
    } else {
        format!("{when}; only the server's checks did.")
    })
}

/// That a page could not look, and when, by the time since the interview began.
pub(crate) fn blind_words(session: &Session, blind: Blind) -> String {
    let zero = session.proctoring.as_ref().and_then(|kept| kept.began_at).unwrap_or(session.created_at);
    let at = |ms: u32| {
        let began = session.started_at.unwrap_or(session.created_at);
        clock(UnixMillis(zero.0 + i64::from(ms)).since(began).max(0) / 1000)
    };
    let when = match blind.to_ms {
        None => format!("from {} on", at(blind.from_ms)),
        Some(to_ms) => format!("for a time from {} to {}", at(blind.from_ms), at(to_ms)),
    };
    format!("The page could not look at the camera's picture {when}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{Review, ViolationKey},
        service::fakes,
    };

    fn violation(from_ms: u32, kind: Kind, severity: Severity, decision: Option<Decision>) -> Violation {
        Violation {
            key: ViolationKey { from_ms, kind },
            severity,
            from: UnixMillis(i64::from(from_ms)),
            to: Some(UnixMillis(i64::from(from_ms) + 65_000)),
            shown: true,
            detail: None,
            stills: vec![],
            pictures_missing: false,
            review: decision.map(|decision| Review {
                decision,
                reason: "It was the cat.".into(),
                by: "admin@example.org".into(),
                at: UnixMillis(9),
            }),
            earlier_reviews: vec![],
            note: Some("A cat.".into()),
        }
    }

    fn session(violations: Vec<Violation>) -> Session {
        let began_at = Some(UnixMillis(1));
        let proctoring = Proctoring { began_at, violations, ..Proctoring::default() };
        Session { proctoring: Some(proctoring), ..fakes::session(SessionId(Uuid::nil())) }
    }

    #[test]
    fn only_what_counts_is_told_one_by_one() {
        let told = of(
            &session(vec![
                violation(9, Kind::NoFace, Severity::High, Some(Decision::Confirmed)),
                violation(1, Kind::Paste, Severity::Low, None),
                violation(2, Kind::NoFace, Severity::High, Some(Decision::Dismissed)),
                violation(3, Kind::Copy, Severity::Info, None),
                violation(4, Kind::Cut, Severity::Info, Some(Decision::Dismissed)),
            ]),
            None,
        );
        let kinds: Vec<_> = told.violations.iter().map(|violation| violation.kind).collect();
        assert_eq!(kinds, [Kind::Paste, Kind::NoFace]);
        assert_eq!((told.dismissed, told.notes, told.proctored, told.reported), (1, 2, true, true));
        assert_eq!(told.violations[1].review.as_ref().unwrap().reason, "It was the cat.");
    }

    #[test]
    fn what_was_not_seen_is_said() {
        let all = |session: &Session, recordings| not_measured(session, recordings).join(" ");
        let plain = fakes::session(SessionId(Uuid::nil()));
        assert!(all(&plain, None).contains("not proctored"));
        let never = Session { proctoring: Some(Proctoring::default()), ..plain };
        assert!(all(&never, None).contains("never reported"));
        let session = session(vec![violation(9, Kind::Unwatched, Severity::Medium, None)]);
        let broken = ReportedRecordings {
            spot_checks: 0,
            same_person: 0,
            log: LogVerdict::Broken,
            logs: 3,
            ended: false,
            blind: None,
            coverage: None,
        };
        let said = all(&session, Some(broken));
        for part in ["No face was captured", "No spot check", "not whole", "anew 2 times", "For 1:05 in all"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        let whole = ReportedRecordings {
            spot_checks: 2,
            same_person: 2,
            log: LogVerdict::Whole,
            logs: 1,
            ended: true,
            blind: None,
            coverage: None,
        };
        assert_eq!(not_measured(&session, Some(whole)).len(), 2, "no face, and the silence");

        let blind = Some(Blind { from_ms: 35_000, to_ms: None });
        let said = all(&session, Some(ReportedRecordings { blind, ..whole }));
        assert!(said.contains("from 0:35 on; only the server's checks did"), "{said}");
        let said = all(&session, Some(ReportedRecordings { blind, ..broken }));
        assert!(said.contains("nothing looked") && !said.contains("own page looked"), "{said}");
        assert!(said.contains("end of the log"), "{said}");
        let coverage = |reported_s: i64| Some(Coverage { reported_ms: reported_s * 1_000, open_ms: 600_000 });
        let said = all(&session, Some(ReportedRecordings { coverage: coverage(200), ..whole }));
        assert!(said.contains("Of 10:00 in which questions were open, 6:40 went by"), "{said}");
        let said = all(&session, Some(ReportedRecordings { coverage: coverage(591), ..whole }));
        assert!(!said.contains("nothing reported"), "{said}");
        let unreported = Proctoring { began_at: Some(UnixMillis(1)), unreported: true, ..Proctoring::default() };
        let never = Session { proctoring: Some(unreported), ..session };
        assert!(all(&never, Some(whole)).contains("never reported"));
    }
}
