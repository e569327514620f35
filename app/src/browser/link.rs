//! What the browser reports about devices and the LiveKit room.

/// How the connection to the room stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    Connecting,
    /// Connected; an observer has not received a picture yet.
    Waiting,
    Live,
    /// The connection broke and is being mended.
    Reconnecting,
    /// There is no room, or it cannot be reached. Tried again by and by.
    Unavailable,
}

impl LinkState {
    /// The state that the scripts call `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "connecting" => Some(Self::Connecting),
            "waiting" => Some(Self::Waiting),
            "live" => Some(Self::Live),
            "reconnecting" => Some(Self::Reconnecting),
            _ => None,
        }
    }
}

/// Why a stay in a room ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This page left.
    Left,
    /// The connection broke for good, or never came about.
    Lost,
    /// The same candidate joined from another tab or device.
    Elsewhere,
}

impl Ended {
    /// The end that the scripts call `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "left" => Self::Left,
            "elsewhere" => Self::Elsewhere,
            _ => Self::Lost,
        }
    }
}

/// Why a camera or a microphone cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The candidate or the browser's settings said no.
    Denied,
    /// There is none.
    Missing,
    /// Another program holds it.
    InUse,
    /// The page is not served over HTTPS, so browsers give no access at all.
    Insecure,
    /// It worked and stopped, because it was unplugged or switched off.
    Stopped,
    /// Something the browser has no name for.
    Failed,
}

/// One device of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Not asked for yet.
    Unknown,
    Working,
    Broken(Trouble),
}

impl Device {
    /// The state that the scripts call `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "working" => Self::Working,
            "denied" => Self::Broken(Trouble::Denied),
            "missing" => Self::Broken(Trouble::Missing),
            "busy" => Self::Broken(Trouble::InUse),
            "insecure" => Self::Broken(Trouble::Insecure),
            "stopped" => Self::Broken(Trouble::Stopped),
            "failed" => Self::Broken(Trouble::Failed),
            _ => Self::Unknown,
        }
    }
}

/// Both devices of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Devices {
    pub camera: Device,
    pub microphone: Device,
}

impl Devices {
    /// Before anything was asked for.
    pub const UNKNOWN: Self = Self { camera: Device::Unknown, microphone: Device::Unknown };

    /// Reads what the scripts report: two words, the camera's first.
    #[must_use]
    pub fn from_words(words: &str) -> Self {
        let (camera, microphone) = words.split_once(' ').unwrap_or((words, ""));
        Self { camera: Device::from_word(camera), microphone: Device::from_word(microphone) }
    }
}

/// How the candidate's screen is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Not yet.
    Off,
    Whole,
    /// A window or a tab only.
    Part,
    /// The candidate or the system's settings said no.
    Refused,
    /// It was, and the candidate or the system ended it.
    Stopped,
    /// This browser cannot.
    Impossible,
    Failed,
}

impl Share {
    /// The state that the scripts call `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "whole" => Self::Whole,
            "part" => Self::Part,
            "refused" => Self::Refused,
            "stopped" => Self::Stopped,
            "impossible" => Self::Impossible,
            "failed" => Self::Failed,
            _ => Self::Off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_the_camera_first() {
        let devices = Devices::from_words("working denied");
        assert_eq!(devices, Devices { camera: Device::Working, microphone: Device::Broken(Trouble::Denied) });
        assert_eq!(
            Devices::from_words("missing"),
            Devices { camera: Device::Broken(Trouble::Missing), microphone: Device::Unknown }
        );
    }
}
