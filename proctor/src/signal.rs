//! What a log is made of: looks at the camera's picture and signals of the page, each with its time.

use serde::{Deserialize, Serialize};

use crate::observation::Look;

/// One line of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since the log began, by a clock of the browser that never runs backwards. Lasts for 49 days.
    pub at_ms: u32,
    pub what: What,
}

/// What an entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    Look(Look),
    Signal(Signal),
}

/// What the page noticed. Encoded by the variant's place: add at the end only, 128 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// Nothing happened but time. Written where no look tells the time, at least once a second, so that what lasts is noticed.
    Tick,
    Stage(Stage),
    /// A dialog of the browser (permission, what to share) lies over the page. Said before it is asked for.
    DialogOpened,
    DialogClosed,
    PageHidden,
    PageShown,
    /// The page is being left or loaded anew.
    PageUnloading,
    /// The page began (again). All that lasts is said afresh after it.
    PageLoaded,
    WindowBlurred,
    WindowFocused,
    FullscreenEntered,
    FullscreenLeft,
    Copied,
    Cut,
    Pasted {
        /// Characters that were inserted.
        chars: u32,
        /// The text stands in the question, so it was not brought along.
        from_question: bool,
    },
    Printed,
    ContextMenu,
    /// By the window's sizes alone; docked side bars look the same.
    DevtoolsSuspected,
    DevtoolsClosed,
    /// `screen.isExtended`.
    MoreScreens(bool),
    ShareStarted {
        /// The whole monitor, not a window or a tab.
        whole_monitor: bool,
    },
    ShareEnded,
    Camera(Device),
    Microphone(Device),
    /// For information: a room is no proof.
    Sound(Sound),
    NetworkLost,
    NetworkBack,
    /// The channel to the server was opened again.
    Reconnected,
    AnswerSubmitted(Typing),
    /// Looks come at this pace now: at first, again after [`Signal::NoVision`], or another one for the machine's sake.
    LooksEvery {
        ms: u16,
    },
    /// Nothing looks at the picture: there are signals only, until looks come again.
    NoVision,
    /// This browser cannot share a screen, so nothing will be shared.
    ShareImpossible,
}

/// Where the interview stands. Only goes forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// Nothing is counted yet.
    #[default]
    DeviceCheck,
    Interview,
    Ended,
}

/// What became of a camera or a microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Device {
    Ended,
    Muted,
    /// Another device delivers now.
    Changed,
    Back,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sound {
    SeveralVoices,
    LoudRoom,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Characters of the answer, without those that an earlier page wrote.
    pub chars: u32,
    /// Milliseconds since the question was shown.
    pub shown_ms: u32,
    /// Milliseconds in which keys were pressed, pauses of more than 2 s left out.
    pub typing_ms: u32,
    /// Characters of it that were pasted from elsewhere than the question.
    pub pasted_chars: u32,
}
