//! Numbers and times as people read them.

use std::fmt::Display;

use crate::{
    error::AppError,
    model::{AnswerOutcome, Contact, EndReason, QuestionKind, Status, UnixMillis},
};

/// Seconds as `m:ss`, or `h:mm:ss` from an hour on. Never below `0:00`.
#[must_use]
pub fn clock(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A score, if there is one.
#[must_use]
pub fn mark(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
}

/// A number with its unit, which no line break parts: `99 %`, `3 min`.
#[must_use]
pub fn unit(number: impl Display, unit: &str) -> String {
    format!("{number}\u{a0}{unit}")
}

/// A length of time as one says it: `3 hours`, `2 minutes`, `1 minute 30 seconds`, `45 seconds`. Hours are counted from two on.
#[must_use]
pub fn duration(seconds: u32) -> String {
    let hours = if seconds < 7_200 { 0 } else { seconds / 3_600 };
    let parts = [(hours, "hour"), (seconds / 60 - hours * 60, "minute"), (seconds % 60, "second")];
    let said = |(number, of): (u32, &str)| unit(number, &if number == 1 { of.to_owned() } else { format!("{of}s") });
    let parts: Vec<_> = parts.into_iter().filter(|(number, _)| *number > 0).map(said).collect();
    if parts.is_empty() { unit(0, "seconds") } else { parts.join(" ") }
}

/// `1 question`, `2 questions`.
#[must_use]
pub fn count(number: u32, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// How long something went on: `for 0:19`, `for a moment`.
#[must_use]
pub fn lasted(ms: i64) -> String {
    if ms < 1_000 { "for a moment".to_owned() } else { format!("for {}", clock(ms / 1_000)) }
}

/// How long ago something was: `now`, `3 min`, `2 h`, `5 d`.
#[must_use]
pub fn age(from: UnixMillis, now: UnixMillis) -> String {
    let minutes = now.since(from).max(0) / 60_000;
    match minutes {
        0 => "now".to_owned(),
        1..60 => unit(minutes, "min"),
        60..1440 => unit(minutes / 60, "h"),
        _ => unit(minutes / 1440, "d"),
    }
}

/// `2026-11-24T09:02:05Z`, for machines.
#[must_use]
pub fn iso(at: UnixMillis) -> String {
    let seconds = at.0.div_euclid(1000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// `2026-11-24T09:02:05.250Z`, for machines that compare times: always as long, so that the order of texts is that of times.
#[must_use]
pub fn iso_millis(at: UnixMillis) -> String {
    format!("{}.{:03}Z", iso(at).trim_end_matches('Z'), at.0.rem_euclid(1000))
}

/// `2026-11-24 09:02 UTC`, for people whose time zone is not known.
#[must_use]
pub fn utc(at: UnixMillis) -> String {
    let iso = iso(at);
    format!("{} {} UTC", &iso[..10], &iso[11..16])
}

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar. The years are counted
/// from 1 March, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The word for a status, and the class that colours it.
#[must_use]
pub fn status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Initialized => ("Waiting", "state wait"),
        Status::InProgress => ("In progress", "state live"),
        Status::Completed => ("Completed", "state done"),
    }
}

/// Where a candidate is; `None` before the link was opened.
#[must_use]
pub fn contact(contact: Contact, now: UnixMillis) -> Option<String> {
    let (word, since) = match contact {
        Contact::None => return None,
        Contact::Online => return Some("Online".to_owned()),
        Contact::Away { since } => ("Away for", since),
        Contact::Lost { since } => ("Lost for", since),
        Contact::Left { since } => ("Left the page", since),
    };
    Some(format!("{word} {}", clock(now.since(since) / 1000)))
}

/// What kind of answer a question wants.
#[must_use]
pub fn kind(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Text => "text",
        QuestionKind::Coding => "code",
    }
}

/// Why an interview ended, for admins.
#[must_use]
pub fn end_reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::AllAnswered => "all questions dealt with",
        EndReason::CandidateFinished => "finished by the candidate",
        EndReason::EndedByAdmin => "ended by an admin",
        EndReason::EndedByApi => "ended through the API",
        EndReason::TooManyViolations => "ended by the rules of proctoring",
    }
}

/// How an answer came to be.
#[must_use]
pub fn outcome(outcome: AnswerOutcome) -> &'static str {
    match outcome {
        AnswerOutcome::Submitted => "Submitted",
        AnswerOutcome::TimedOut => "Taken when the time was over",
        AnswerOutcome::NoResponse => "No answer",
    }
}

/// How long to wait before trying again for the `failures`th time: 1, 2, 5, then 10 s, with up to a quarter more by
/// chance (0..1), so that many browsers do not come back in the same moment. A server's own wish is respected.
#[must_use]
pub fn back_off_ms(failures: u32, error: Option<&AppError>, chance: f64) -> u32 {
    let seconds = match failures {
        0 | 1 => 1,
        2 => 2,
        3 => 5,
        _ => 10,
    };
    let wished = error.and_then(|error| error.retry_after_s).unwrap_or(0).min(60);
    let base = f64::from(seconds.max(wished)) * 1000.0;
    (base * (1.0 + chance / 4.0)) as u32
}

/// What a timeline leaves out.
#[must_use]
pub fn more_happened(left_out: u32) -> String {
    format!("{left_out} more not shown: connections, looks away and the like.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_never_show_less_than_nothing() {
        assert_eq!(clock(-3), "0:00");
        assert_eq!(clock(86), "1:26");
        assert_eq!(clock(3_661), "1:01:01");
    }

    #[test]
    fn what_took_less_than_a_second_was_there_for_a_moment() {
        assert_eq!([0, 999, 1_000, 19_500].map(lasted), ["for a moment", "for a moment", "for 0:01", "for 0:19"]);
    }

    #[test]
    fn durations_are_words() {
        assert_eq!(duration(120), "2\u{a0}minutes");
        assert_eq!(duration(90), "1\u{a0}minute 30\u{a0}seconds");
        assert_eq!(duration(1), "1\u{a0}second");
        assert_eq!(duration(0), "0\u{a0}seconds");
        assert_eq!(duration(7_199), "119\u{a0}minutes 59\u{a0}seconds");
        assert_eq!(duration(9_060), "2\u{a0}hours 31\u{a0}minutes");
    }

    #[test]
    fn a_candidate_who_is_not_there_is_missed_by_the_clock() {
        let now = UnixMillis(65_000);
        assert_eq!(contact(Contact::None, now), None);
        assert_eq!(contact(Contact::Online, now).unwrap(), "Online");
        assert_eq!(contact(Contact::Lost { since: UnixMillis(0) }, now).unwrap(), "Lost for 1:05");
    }

    #[test]
    fn ages_round_down() {
        let at = |ms| age(UnixMillis(0), UnixMillis(ms));
        assert_eq!((at(59_999), at(60_000)), ("now".into(), "1\u{a0}min".into()));
        assert_eq!((at(3_600_000 * 5), at(86_400_000 * 3)), ("5\u{a0}h".into(), "3\u{a0}d".into()));
        assert_eq!(at(-5), "now");
    }

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(iso(UnixMillis(0)), "1970-01-01T00:00:00Z");
        assert_eq!(iso(UnixMillis(951_782_400_000)), "2000-02-29T00:00:00Z");
        assert_eq!(iso(UnixMillis(1_701_715_800_000)), "2023-12-04T18:50:00Z");
        assert_eq!(iso(UnixMillis(-1)), "1969-12-31T23:59:59Z");
        assert_eq!(iso_millis(UnixMillis(-1)), "1969-12-31T23:59:59.999Z");
        assert_eq!(iso_millis(UnixMillis(1_701_715_800_050)), "2023-12-04T18:50:00.050Z");
        assert_eq!(utc(UnixMillis(1_701_715_800_000)), "2023-12-04 18:50 UTC");
    }

    #[test]
    fn retries_slow_down_and_respect_the_server() {
        assert_eq!([1, 2, 3, 4, 9].map(|n| back_off_ms(n, None, 0.0)), [1000, 2000, 5000, 10_000, 10_000]);
        assert_eq!(back_off_ms(1, None, 1.0), 1250);
        assert_eq!(back_off_ms(1, Some(&AppError::unavailable(7)), 0.0), 7000);
    }
}
