//! What proctoring says, in words for people who were not there.

use proctor::policy::{Kind, Severity};

use super::words::{count, unit};
use crate::model::{Decision, FaultKind, LogVerdict, ReportedProctoring};

/// What was noticed, for admins and for the candidate's own log.
#[must_use]
pub fn violation(kind: Kind) -> &'static str {
    match kind {
        Kind::NoFace => "Nobody was seen",
        Kind::SeveralFaces => "Several people were seen",
        Kind::LookingAway => "Looked away from the screen",
        Kind::TooDark => "The picture was too dark",
        Kind::TooBright => "The picture was too bright",
        Kind::TooBlurred => "The picture was too blurred",
        Kind::Covered => "The camera was covered",
        Kind::FaceUnclear => "The face could not be made out",
        Kind::Frozen => "The picture stood still",
        Kind::WindowExit => "Left the window",
        Kind::FullscreenLeft => "Left full screen",
        Kind::Devtools => "The browser's tools may have been open",
        Kind::MoreScreens => "More than one screen was connected",
        Kind::ShareEnded => "The screen was not shared",
        Kind::PartialShare => "Only a part of the screen was shared",
        Kind::CameraOff => "The camera was off",
        Kind::MicrophoneOff => "The microphone was off",
        Kind::Reload => "The page was loaded anew",
        Kind::Copy => "Text was copied",
        Kind::Cut => "Text was cut out",
        Kind::Paste => "Text was pasted",
        Kind::Print => "The page was printed",
        Kind::ContextMenu => "The context menu was opened",
        Kind::CameraChanged => "Another camera was used",
        Kind::MicrophoneChanged => "Another microphone was used",
        Kind::Voices => "Several voices were heard",
        Kind::LoudRoom => "It was loud",
        Kind::FastAnswer => "An answer was written faster than people type",
        Kind::Unwatched => "Nothing, or too little, was seen though the connection was up",
        Kind::Tampering => "The reports do not hold together",
        Kind::AnotherPerson => "Somebody else than at the device check was seen",
        Kind::Unreported => "The interview went on while nothing could be reported",
        Kind::Contradiction => "A check by the server showed something else than the reports",
    }
}

/// What kept an interview from being proctored.
#[must_use]
pub fn fault(why: FaultKind) -> &'static str {
    match why {
        FaultKind::Unreadable => "what had been recorded could not be read any more",
        FaultKind::Policy => "the job's policy is none that this version of the program knows",
        FaultKind::OtherVersion => "the candidate's page was of another version than the server",
        FaultKind::Full => "the page reported more than is kept of an interview",
    }
}

/// How grave it is.
#[must_use]
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "for information",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The class that colours it.
#[must_use]
pub fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// What a person made of it.
#[must_use]
pub fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Confirmed => "Confirmed",
        Decision::Dismissed => "Dismissed",
        Decision::Escalated => "Escalated",
    }
}

/// What happens by itself, where a job's rules say so.
#[must_use]
pub fn ends_after(flags: u32) -> String {
    format!(
        "After {} of a grave kind the interview ends by itself. What that means for you is decided by people all the same.",
        count(flags, "flag")
    )
}

/// That a flag is only that.
pub const HINTS: &str = "Flags are hints for people, not verdicts.";

/// How a proctored interview was watched, in a few sentences.
#[must_use]
pub fn recordings_words(told: &ReportedProctoring) -> String {
    if !told.reported {
        return "The candidate's page never reported what it saw.".to_owned();
    }
    let mut words = match told.recordings {
        None => "How many spot checks there were is not known any more.".to_owned(),
        Some(kept) if kept.spot_checks == 0 => "There was no spot check.".to_owned(),
        Some(kept) => format!(
            "Of {}, {} showed the person of the device check.",
            count(kept.spot_checks, "spot check"),
            kept.same_person
        ),
    };
    let log = match told.recordings.map(|kept| kept.log) {
        Some(LogVerdict::Whole) => " The log of what was observed is whole.",
        Some(LogVerdict::Broken) => " The log of what was observed is not whole.",
        Some(LogVerdict::NotRead) | None => "",
    };
    words.push_str(log);
    if let Some(coverage) = told.recordings.and_then(|kept| kept.coverage) {
        words.push_str(&format!(
            " What the page reported covers {} of the time in which questions were open.",
            unit(coverage.percent(), "%")
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use proctor::policy::{Policy, Rule, Source};
    use serde_json::Value;

    use super::*;

    const README: &str = include_str!("../../../README.md");

    fn after(ms: Option<u32>) -> Option<String> {
        ms.map(|ms| if ms == 0 { "at once".to_owned() } else { format!("{} s", f64::from(ms) / 1000.0) })
    }

    fn ordinal(number: u32) -> String {
        let ending = match number {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        };
        format!("{number}{ending}")
    }

    /// What README says about a kind: by the default rule, which is the only truth.
    fn row(kind: Kind) -> String {
        let rule = Rule::of(kind);
        let dash = || "–".to_owned();
        let flagged = match (after(rule.flag_after_ms), rule.flag_at_count.map(ordinal)) {
            (Some(after), Some(nth)) => format!("{after}, or the {nth}"),
            (Some(after), None) => after,
            (None, Some(nth)) => format!("the {nth}"),
            (None, None) => "never".to_owned(),
        };
        let is_flagged = rule.flag_after_ms.is_some() || rule.flag_at_count.is_some();
        let graver =
            after(rule.escalate_after_ms).map_or_else(dash, |after| format!("{after}: {}", severity(rule.escalated)));
        format!(
            "| `{}` | {}{} | {} | {} | {} | {} | {} |",
            kind.name(),
            violation(kind),
            if kind.source() == Source::Server { " (found by the server)" } else { "" },
            after(rule.warn_after_ms).unwrap_or_else(dash),
            after(rule.note_after_ms).unwrap_or_else(dash),
            flagged,
            if is_flagged { severity(rule.severity) } else { "–" },
            graver,
        )
    }

    #[test]
    fn readme_names_every_kind_with_its_default_rule() {
        let missing: Vec<_> = Kind::ALL.map(row).into_iter().filter(|row| !README.contains(row.as_str())).collect();
        assert!(missing.is_empty(), "README lacks these rows:\n{}", missing.join("\n"));
    }

    #[test]
    fn readme_names_every_field_of_a_policy_with_its_default() {
        let policy = serde_json::to_value(Policy::default()).unwrap();
        let mut rows = Vec::new();
        for (name, value) in policy.as_object().unwrap() {
            match value {
                Value::Object(_) if name == "rules" => {}
                Value::Object(fields) => {
                    rows.extend(fields.iter().map(|(field, value)| format!("| `{name}.{field}` | `{value}` |")));
                }
                value => rows.push(format!("| `{name}` | `{value}` |")),
            }
        }
        let rule = serde_json::to_value(Rule::of(Kind::NoFace)).unwrap();
        rows.extend(rule.as_object().unwrap().keys().map(|field| format!("| `{field}` |")));
        let missing: Vec<_> = rows.into_iter().filter(|row| !README.contains(row.as_str())).collect();
        assert!(missing.is_empty(), "README lacks these rows:\n{}", missing.join("\n"));
    }
}
