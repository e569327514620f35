//! Identifiers. Each is a type of its own, so that one cannot be passed for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        // As text in every format, binary ones too: stores and logs show the same identifier.
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

uuid_id! {
    /// Identifies a session everywhere: in the store (`_id`), the API, the room's name and the logs.
    SessionId
}

uuid_id! {
    /// Chosen by the browser for each answer, so that sending one twice records it once.
    AnswerId
}

uuid_id! {
    /// Chosen by each page that a candidate opens: of two pages with the same interview the newer one is live.
    ChannelId
}

uuid_id! {
    /// Identifies a running worker. A worker that starts again is another one.
    WorkerId
}

uuid_id! {
    /// Chosen by the admin's browser for each notice, so that sending one twice shows it once.
    NoticeId
}

impl SessionId {
    /// The name of the session's LiveKit room.
    #[must_use]
    pub fn room_name(&self) -> String {
        format!("{ROOM_PREFIX}{self}")
    }

    /// The session that a LiveKit room belongs to; `None` for rooms that are not ours.
    #[must_use]
    pub fn from_room_name(name: &str) -> Option<Self> {
        name.strip_prefix(ROOM_PREFIX)?.parse().ok()
    }

    /// The candidate's identity in the room.
    #[must_use]
    pub fn candidate_identity(&self) -> String {
        format!("candidate-{self}")
    }
}

/// What the names of interview rooms begin with.
pub const ROOM_PREFIX: &str = "interview-";

/// What the identities of hidden observers begin with. They are never counted as participants.
pub const OBSERVER_PREFIX: &str = "observer-";

/// The unguessable part of a candidate's link. Good for exactly one session.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Invite(pub String);

// An invite opens an interview, so it must not reach a log by way of `{:?}`.
impl fmt::Debug for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invite(…)")
    }
}

/// Identifies a job (a set of questions).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_name_leads_back_to_its_session() {
        let id = SessionId(Uuid::from_u128(7));
        assert_eq!(SessionId::from_room_name(&id.room_name()), Some(id));
        assert_eq!(SessionId::from_room_name("interview-x"), None);
        assert_eq!(SessionId::from_room_name("lobby"), None);
    }

    #[test]
    fn an_invite_is_not_shown_by_debug() {
        assert!(!format!("{:?}", Invite("secret".into())).contains("secret"));
    }
}
