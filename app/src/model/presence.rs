//! Whether the candidate's browser is in touch with us.

use serde::{Deserialize, Serialize};

use super::{ChannelId, UnixMillis, WorkerId};

/// The live channel of a candidate's browser to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    pub worker: WorkerId,
    pub since: UnixMillis,
}

/// How a channel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The browser left the page and said so.
    Left,
    /// The browser fell silent.
    Lost,
    /// The worker ended or could not work.
    ServerDown,
}

/// A channel that ended and was not followed by another one yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// When the browser was last heard.
    pub since: UnixMillis,
    pub how: Closing,
    /// Whether LiveKit did not see the candidate either, at some time since.
    pub unseen: bool,
    /// Whether the browser was heard again, if not on a channel. Then it is no outage any more.
    #[serde(default)]
    pub over: bool,
}

/// What a session knows of its candidate's browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub channel: Option<Channel>,
    /// Since when the candidate looks at something else.
    pub away_since: Option<UnixMillis>,
    /// `None` while a channel is open, and before the first one.
    pub loss: Option<Loss>,
}

/// Where the candidate is, from the channel and LiveKit together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Contact {
    /// The link was not opened yet.
    #[default]
    None,
    Online,
    /// The page is open, and hidden behind something else.
    Away {
        since: UnixMillis,
    },
    /// Neither heard nor seen.
    Lost {
        since: UnixMillis,
    },
    /// The page was closed.
    Left {
        since: UnixMillis,
    },
}

impl Presence {
    /// Whether the browser fell silent and was not heard since.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.loss.is_some_and(|loss| loss.how != Closing::Left && !loss.over)
    }

    /// Where the candidate is. `seen`: whether LiveKit has the candidate in the room.
    #[must_use]
    pub fn contact(&self, seen: bool) -> Contact {
        match (self.channel, self.away_since, self.loss) {
            (Some(_), Some(since), _) => Contact::Away { since },
            (Some(_), None, _) => Contact::Online,
            (None, ..) if seen => Contact::Online,
            (None, _, Some(Loss { since, how: Closing::Left, .. })) => Contact::Left { since },
            (None, _, Some(Loss { since, .. })) => Contact::Lost { since },
            (None, _, None) => Contact::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_candidate_is_lost_when_neither_heard_nor_seen() {
        let loss = Loss { since: UnixMillis(5), how: Closing::Lost, unseen: false, over: false };
        let lost = Presence { loss: Some(loss), ..Presence::default() };
        assert_eq!(lost.contact(true), Contact::Online);
        assert_eq!(lost.contact(false), Contact::Lost { since: UnixMillis(5) });
        let left = Presence { loss: Some(Loss { how: Closing::Left, ..loss }), ..Presence::default() };
        assert_eq!(left.contact(false), Contact::Left { since: UnixMillis(5) });
        assert_eq!(Presence::default().contact(false), Contact::None);
    }

    #[test]
    fn a_hidden_page_is_away() {
        let channel = Channel { id: ChannelId(Uuid::nil()), worker: WorkerId(Uuid::nil()), since: UnixMillis(1) };
        let here = Presence { channel: Some(channel), ..Presence::default() };
        assert_eq!(here.contact(false), Contact::Online);
        let away = Presence { away_since: Some(UnixMillis(3)), ..here };
        assert_eq!(away.contact(true), Contact::Away { since: UnixMillis(3) });
    }
}
