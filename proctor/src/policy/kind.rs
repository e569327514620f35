//! What a rule, a warning or a violation is about.

use serde::{Deserialize, Serialize};

use crate::observation::Unclear;

/// What was noticed. Stored and sent by its place: add at the end only, and to [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    NoFace,
    SeveralFaces,
    LookingAway,
    TooDark,
    TooBright,
    TooBlurred,
    /// The lens is covered.
    Covered,
    /// The picture stands still.
    Frozen,
    /// The window was left: hidden, or without the focus.
    WindowExit,
    /// Fullscreen was left.
    FullscreenLeft,
    Devtools,
    MoreScreens,
    /// The screen is not shared, or not any more.
    ShareEnded,
    /// A window or a tab is shared, not the whole monitor.
    PartialShare,
    CameraOff,
    MicrophoneOff,
    /// The page was left or loaded anew.
    Reload,
    Copy,
    Cut,
    Paste,
    Print,
    ContextMenu,
    CameraChanged,
    MicrophoneChanged,
    Voices,
    LoudRoom,
    FastAnswer,
    /// Nothing or too little was observed though the channel was up, and the log does not say why. By the server alone.
    Unwatched,
    /// The log does not hold together. By the server alone.
    Tampering,
    /// A spot check shows something else than the log says. By the server alone.
    Contradiction,
    /// Spot checks show somebody else than the reference. By the server alone.
    AnotherPerson,
    /// The interview went on by requests while no log could be written: a network may let no channel through. By the server alone.
    Unreported,
    /// Something may be a face, and is not made out.
    FaceUnclear,
}

impl From<Unclear> for Kind {
    /// What a log comes to where looks tell nothing for this reason.
    fn from(why: Unclear) -> Self {
        match why {
            Unclear::TooDark => Kind::TooDark,
            Unclear::TooBright => Kind::TooBright,
            Unclear::TooBlurred => Kind::TooBlurred,
            Unclear::Covered => Kind::Covered,
            Unclear::Frozen => Kind::Frozen,
            Unclear::Doubtful => Kind::FaceUnclear,
        }
    }
}

/// How a kind comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Look by look; what is between two looks is not known.
    Looks,
    /// Lasts from one signal to another.
    Lasting,
    /// Happens at once.
    Instant,
    /// Not in the log: the server finds it.
    Server,
}

impl Kind {
    pub const COUNT: usize = 33;

    pub const ALL: [Kind; Kind::COUNT] = [
        Kind::NoFace,
        Kind::SeveralFaces,
        Kind::LookingAway,
        Kind::TooDark,
        Kind::TooBright,
        Kind::TooBlurred,
        Kind::Covered,
        Kind::Frozen,
        Kind::WindowExit,
        Kind::FullscreenLeft,
        Kind::Devtools,
        Kind::MoreScreens,
        Kind::ShareEnded,
        Kind::PartialShare,
        Kind::CameraOff,
        Kind::MicrophoneOff,
        Kind::Reload,
        Kind::Copy,
        Kind::Cut,
        Kind::Paste,
        Kind::Print,
        Kind::ContextMenu,
        Kind::CameraChanged,
        Kind::MicrophoneChanged,
        Kind::Voices,
        Kind::LoudRoom,
        Kind::FastAnswer,
        Kind::Unwatched,
        Kind::Tampering,
        Kind::Contradiction,
        Kind::AnotherPerson,
        Kind::Unreported,
        Kind::FaceUnclear,
    ];

    pub fn source(self) -> Source {
        match self {
            Kind::NoFace
            | Kind::SeveralFaces
            | Kind::LookingAway
            | Kind::TooDark
            | Kind::TooBright
            | Kind::TooBlurred
            | Kind::Covered
            | Kind::Frozen
            | Kind::FaceUnclear => Source::Looks,
            Kind::WindowExit
            | Kind::FullscreenLeft
            | Kind::Devtools
            | Kind::MoreScreens
            | Kind::ShareEnded
            | Kind::PartialShare
            | Kind::CameraOff
            | Kind::MicrophoneOff
            | Kind::Reload => Source::Lasting,
            Kind::Copy
            | Kind::Cut
            | Kind::Paste
            | Kind::Print
            | Kind::ContextMenu
            | Kind::CameraChanged
            | Kind::MicrophoneChanged
            | Kind::Voices
            | Kind::LoudRoom
            | Kind::FastAnswer => Source::Instant,
            Kind::Unwatched | Kind::Tampering | Kind::Contradiction | Kind::AnotherPerson | Kind::Unreported => {
                Source::Server
            }
        }
    }

    /// The kinds that come about so, in their order.
    pub(super) fn of(source: Source) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| kind.source() == source)
    }

    /// As in a policy's JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::NoFace => "no_face",
            Kind::SeveralFaces => "several_faces",
            Kind::LookingAway => "looking_away",
            Kind::TooDark => "too_dark",
            Kind::TooBright => "too_bright",
            Kind::TooBlurred => "too_blurred",
            Kind::Covered => "covered",
            Kind::Frozen => "frozen",
            Kind::WindowExit => "window_exit",
            Kind::FullscreenLeft => "fullscreen_left",
            Kind::Devtools => "devtools",
            Kind::MoreScreens => "more_screens",
            Kind::ShareEnded => "share_ended",
            Kind::PartialShare => "partial_share",
            Kind::CameraOff => "camera_off",
            Kind::MicrophoneOff => "microphone_off",
            Kind::Reload => "reload",
            Kind::Copy => "copy",
            Kind::Cut => "cut",
            Kind::Paste => "paste",
            Kind::Print => "print",
            Kind::ContextMenu => "context_menu",
            Kind::CameraChanged => "camera_changed",
            Kind::MicrophoneChanged => "microphone_changed",
            Kind::Voices => "voices",
            Kind::LoudRoom => "loud_room",
            Kind::FastAnswer => "fast_answer",
            Kind::Unwatched => "unwatched",
            Kind::Tampering => "tampering",
            Kind::Contradiction => "contradiction",
            Kind::AnotherPerson => "another_person",
            Kind::Unreported => "unreported",
            Kind::FaceUnclear => "face_unclear",
        }
    }
}

/// How grave a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Noted, and nothing more.
    Info,
    Low,
    Medium,
    High,
    Critical,
}
