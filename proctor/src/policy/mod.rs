//! What is looked out for, how long it may last, and what follows.
//!
//! [`Policy`] is data that people edit, one for each job; [`Monitor`] walks through a log by it. The browser runs it to warn at
//! once, the server runs it over the verified log, and the server's verdict is the one that counts.

mod conditions;
mod defaults;
mod judge;
mod kind;
mod monitor;
mod restless;
mod rule;
mod rules;
mod silence;
mod track;
mod tracks;
mod unreported;
mod violation;

use serde::{Deserialize, Serialize};

pub use kind::{Kind, Severity, Source};
pub use monitor::{Memory, Monitor, State};
pub use rule::{MAX_COUNT, Rule};
pub use rules::Rules;
pub use silence::Watch;
pub use violation::{Change, Output, Violation, ViolationId};

/// How an interview is watched. What a JSON leaves out is as by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub rules: Rules,
    pub away: Away,
    pub answers: Answers,
    /// Pastes of fewer characters are passed over.
    pub paste_chars: u32,
    /// Looks further apart (ms) say nothing about the time between them. Looks that are meant to come rarely may be three
    /// times as far apart as meant, [`MAX_GAP_MS`] at most.
    pub gap_ms: u32,
    /// While a dialog of the browser is open nothing is counted, but for no longer than this (ms)…
    pub dialog_ms: u32,
    /// …and all dialogs of an interview together excuse no more than this (ms).
    pub dialogs_ms: u32,
    /// After a dialog the focus may take so long (ms) to come back.
    pub dialog_grace_ms: u32,
    /// So many grave violations end the interview; null: nothing does.
    pub terminate_after: Option<u32>,
    /// From where on a violation is grave.
    pub terminate_severity: Severity,
    /// Candidates are asked to share the whole screen: it counts as not shared until it is.
    pub share_screen: bool,
    /// Candidates are asked to stay in full screen, where their browser knows it.
    pub fullscreen: bool,
}

/// The longest time between two looks that still belong together, however rarely they come.
pub const MAX_GAP_MS: u32 = 6_000;

/// Where a look is away from the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Away {
    /// The head is turned to a side by more degrees.
    pub yaw: u8,
    /// It is raised by more degrees.
    pub up: u8,
    /// It is lowered by more degrees. Keyboards are down there.
    pub down: u8,
    /// Looking back means to be within these limits by so many degrees.
    pub margin: u8,
}

/// When an answer came faster than anybody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// Shorter answers are passed over; in characters, pasted ones left out.
    pub chars: u32,
    /// More characters than this in a second of typing are too many. 150 words a minute are 12.5.
    pub chars_per_s: u32,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            rules: Rules::default(),
            away: Away::default(),
            answers: Answers::default(),
            paste_chars: 20,
            gap_ms: 2_000,
            dialog_ms: 60_000,
            dialogs_ms: 180_000,
            dialog_grace_ms: 1_500,
            terminate_after: None,
            terminate_severity: Severity::High,
            share_screen: false,
            fullscreen: false,
        }
    }
}

impl Default for Away {
    fn default() -> Away {
        Away { yaw: 30, up: 25, down: 35, margin: 5 }
    }
}

impl Default for Answers {
    fn default() -> Answers {
        Answers { chars: 120, chars_per_s: 18 }
    }
}

/// Why a policy cannot be used, for whoever edits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("rules.{}: {why}", kind.name())]
    Rule { kind: Kind, why: &'static str },
    #[error("{field}: {why}")]
    Field { field: &'static str, why: &'static str },
}

impl Policy {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// The first thing that does not, by the field's name.
    pub fn validate(&self) -> Result<(), PolicyError> {
        for kind in Kind::ALL {
            if let Some(why) = self.rules[kind].fault(kind.source()) {
                return Err(PolicyError::Rule { kind, why });
            }
        }
        if self.rules[Kind::Unreported].escalated > Severity::Medium {
            let why = "may not be graver than `medium`: some networks let no channel through";
            return Err(PolicyError::Rule { kind: Kind::Unreported, why });
        }
        let Away { yaw, up, down, margin } = self.away;
        let angle = |degrees: u8| margin < degrees && degrees <= 90;
        let fields = [
            ("away", angle(yaw) && angle(up) && angle(down), "angles are above the margin and 90 degrees at most"),
            ("answers.chars_per_s", self.answers.chars_per_s >= 5, "has to be 5 at least: people type as fast"),
            ("gap_ms", (500..=MAX_GAP_MS).contains(&self.gap_ms), "has to be from 500 to 6000"),
            ("dialog_ms", self.dialog_ms <= 600_000, "may be 600000 (10 minutes) at most"),
            ("dialogs_ms", self.dialogs_ms <= 3_600_000, "may be 3600000 (an hour) at most"),
            ("dialog_grace_ms", self.dialog_grace_ms <= 10_000, "may be 10000 at most"),
            ("terminate_severity", self.terminate_severity > Severity::Info, "`info` ends nothing: it is only noted"),
            ("terminate_after", self.terminate_after != Some(0), "counts from 1; null turns it off"),
        ];
        match fields.into_iter().find(|(_, fine, _)| !fine) {
            Some((field, _, why)) => Err(PolicyError::Field { field, why }),
            None => Ok(()),
        }
    }
}
