//! What a candidate's side can make happen without end. It is kept one by one only as long as that says something.

use serde::{Deserialize, Serialize};

use super::Event;

/// A kind of events that may come again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurring {
    /// What the device check found.
    Devices,
    /// Looking away, and back.
    Away,
    /// The page's channel to us.
    Channel,
    /// Comings and goings in LiveKit's room.
    Room,
    /// What the candidate says about violations.
    Notes,
    /// What a page's log says of violations: one may come and go again and again.
    Violations,
    /// How far a log was kept.
    Logs,
}

impl Recurring {
    /// The kind that an event is of. `None`: it is kept in any case.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::DevicesChecked { .. } => Some(Self::Devices),
            Event::AwayChanged { .. } => Some(Self::Away),
            Event::ChannelOpened { .. } | Event::ChannelClosed { .. } | Event::HeardAgain => Some(Self::Channel),
            Event::RoomOpened | Event::RoomClosed | Event::ParticipantJoined { .. } | Event::ParticipantLeft { .. } => {
                Some(Self::Room)
            }
            Event::ViolationExplained { .. } => Some(Self::Notes),
            Event::ViolationNoted { .. } | Event::ViolationUncounted => Some(Self::Violations),
            Event::LogKept { .. } => Some(Self::Logs),
            _ => None,
        }
    }

    /// How many of them are kept of one session. Two hours on a network that breaks every ten seconds stay below it.
    #[must_use]
    pub fn most(self) -> u32 {
        match self {
            Self::Devices => 50,
            Self::Notes => 500,
            Self::Away => 1_000,
            Self::Channel | Self::Room | Self::Violations | Self::Logs => 2_000,
        }
    }
}

/// How many recurring events a session had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recurred {
    pub devices: u32,
    pub away: u32,
    pub channel: u32,
    pub room: u32,
    pub notes: u32,
    pub violations: u32,
    pub logs: u32,
}

impl Recurred {
    /// Whether there were none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Counts one more. Answers whether it is kept, too.
    pub fn count(&mut self, kind: Recurring) -> bool {
        let count = match kind {
            Recurring::Devices => &mut self.devices,
            Recurring::Away => &mut self.away,
            Recurring::Channel => &mut self.channel,
            Recurring::Room => &mut self.room,
            Recurring::Notes => &mut self.notes,
            Recurring::Violations => &mut self.violations,
            Recurring::Logs => &mut self.logs,
        };
        *count = count.saturating_add(1);
        *count <= kind.most()
    }

    /// How many that a timeline would show were counted and not kept.
    #[must_use]
    pub fn not_kept(self) -> u32 {
        let beyond = |count: u32, kind: Recurring| count.saturating_sub(kind.most());
        beyond(self.devices, Recurring::Devices)
            .saturating_add(beyond(self.away, Recurring::Away))
            .saturating_add(beyond(self.channel, Recurring::Channel))
            .saturating_add(beyond(self.notes, Recurring::Notes))
            .saturating_add(beyond(self.violations, Recurring::Violations))
    }
}
