//! What is done about one kind.

use serde::{Deserialize, Serialize};

use super::kind::{Severity, Source};

/// From what length and number on something is told, noted, flagged and escalated.
///
/// What lasts passes the steps one after the other. What happens at once is told and noted where these are set (their length
/// means nothing then), and flagged by its number alone. Lengths are what was seen: time between looks too far apart is left
/// out, and so is time that nothing can be said about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The candidate is told; null: never.
    pub warn_after_ms: Option<u32>,
    /// Noted, for information, and counted; null: only what is flagged is counted.
    pub note_after_ms: Option<u32>,
    /// It is a violation; null: its length makes it none.
    pub flag_after_ms: Option<u32>,
    /// It is a graver violation; null: never.
    pub escalate_after_ms: Option<u32>,
    /// The how-manieth that is noted is a violation, however short; null: their number makes it none.
    pub flag_at_count: Option<u32>,
    /// Only those of so long a time before are counted together, the last [`MAX_COUNT`] at most; null: all.
    pub count_within_ms: Option<u32>,
    /// So many looks have to show it before anything is done.
    pub looks: u16,
    /// It is over when the opposite was seen for so long…
    pub clear_after_ms: u32,
    /// …and by so many looks in a row.
    pub clear_looks: u16,
    /// What comes back so soon is no new one: the old one goes on.
    pub cool_down_ms: u32,
    pub severity: Severity,
    /// Once escalated.
    pub escalated: Severity,
    /// The candidate sees it.
    pub show: bool,
    /// Pictures of it are wanted.
    pub evidence: bool,
}

/// The highest `flag_at_count` together with `count_within_ms`.
pub const MAX_COUNT: u32 = 16;

/// A day.
const LONGEST_MS: u32 = 86_400_000;

impl Rule {
    /// What is left of it where there is an excuse: a note.
    pub(super) fn excused(&self) -> Rule {
        Rule {
            warn_after_ms: None,
            note_after_ms: self.note_after_ms.or(self.flag_after_ms),
            flag_after_ms: None,
            escalate_after_ms: None,
            flag_at_count: None,
            ..*self
        }
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self, source: Source) -> Option<&'static str> {
        let lengths = [self.warn_after_ms, self.note_after_ms, self.flag_after_ms, self.escalate_after_ms];
        let others = [self.count_within_ms, Some(self.clear_after_ms), Some(self.cool_down_ms)];
        if lengths.into_iter().chain(others).flatten().any(|ms| ms > LONGEST_MS) {
            return Some("no time may be longer than a day (86400000 ms)");
        }
        if self.escalated < self.severity {
            return Some("`escalated` may not be milder than `severity`");
        }
        if self.flag_at_count == Some(0) {
            return Some("`flag_at_count` counts from 1; null turns it off");
        }
        if self.count_within_ms.is_some() && self.flag_at_count.is_some_and(|n| n > MAX_COUNT) {
            return Some("with `count_within_ms`, `flag_at_count` may be 16 at most");
        }
        if source == Source::Instant && (self.flag_after_ms.is_some() || self.escalate_after_ms.is_some()) {
            return Some("happens at once: `flag_after_ms` and `escalate_after_ms` have to be null");
        }
        if self.flag_at_count.is_some() && self.note_after_ms.is_none() {
            return Some("`flag_at_count` needs `note_after_ms`: only what is noted is counted");
        }
        if let (Some(note), Some(flag)) = (self.note_after_ms, self.flag_after_ms)
            && flag < note
        {
            return Some("`flag_after_ms` may not be shorter than `note_after_ms`");
        }
        match (self.flag_after_ms, self.escalate_after_ms) {
            (None, Some(_)) => Some("`escalate_after_ms` needs `flag_after_ms`"),
            (Some(flag), Some(escalate)) if escalate <= flag => {
                Some("`escalate_after_ms` has to be longer than `flag_after_ms`")
            }
            _ if source == Source::Looks && (self.looks < 2 || self.clear_looks < 2) => {
                Some("`looks` and `clear_looks` have to be 2 at least: one look alone proves nothing")
            }
            _ => None,
        }
    }
}

/// What somebody wrote down of a rule; the rest is as it was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    #[serde(default, deserialize_with = "given")]
    warn_after_ms: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    note_after_ms: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    flag_after_ms: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    escalate_after_ms: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    flag_at_count: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    count_within_ms: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    looks: Option<u16>,
    #[serde(default, deserialize_with = "given")]
    clear_after_ms: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    clear_looks: Option<u16>,
    #[serde(default, deserialize_with = "given")]
    cool_down_ms: Option<u32>,
    #[serde(default, deserialize_with = "given")]
    severity: Option<Severity>,
    #[serde(default, deserialize_with = "given")]
    escalated: Option<Severity>,
    #[serde(default, deserialize_with = "given")]
    show: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    evidence: Option<bool>,
}

/// A field that is there, null or not. A format without names, as between browser and server, has them all and no marks of
/// presence, so that it reads what [`Rule`] wrote.
fn given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Draft {
    pub(super) fn over(self, rule: Rule) -> Rule {
        Rule {
            warn_after_ms: self.warn_after_ms.unwrap_or(rule.warn_after_ms),
            note_after_ms: self.note_after_ms.unwrap_or(rule.note_after_ms),
            flag_after_ms: self.flag_after_ms.unwrap_or(rule.flag_after_ms),
            escalate_after_ms: self.escalate_after_ms.unwrap_or(rule.escalate_after_ms),
            flag_at_count: self.flag_at_count.unwrap_or(rule.flag_at_count),
            count_within_ms: self.count_within_ms.unwrap_or(rule.count_within_ms),
            looks: self.looks.unwrap_or(rule.looks),
            clear_after_ms: self.clear_after_ms.unwrap_or(rule.clear_after_ms),
            clear_looks: self.clear_looks.unwrap_or(rule.clear_looks),
            cool_down_ms: self.cool_down_ms.unwrap_or(rule.cool_down_ms),
            severity: self.severity.unwrap_or(rule.severity),
            escalated: self.escalated.unwrap_or_else(|| rule.escalated.max(self.severity.unwrap_or(rule.severity))),
            show: self.show.unwrap_or(rule.show),
            evidence: self.evidence.unwrap_or(rule.evidence),
        }
    }
}
