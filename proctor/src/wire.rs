//! The binary messages about proctoring on the interview's WebSocket: a byte for the version, then postcard.
//!
//! A page says [`Up::Open`] first, again on every new connection, and sends batches once it was welcomed. Times are in ms since
//! the first log of the interview began, but for those inside a batch, which are their log's own.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::log::{Digest, LogId, MAX_BATCH, Nonce};
use crate::observation::Look;
use crate::policy::{Kind, Policy, Severity, ViolationId};

/// Of these messages, and of all that they carry, the [`Policy`] too: whatever changes in any of it is another version. Both
/// sides come from one build. A server that is spoken to in another version answers in its own, whatever it says, and holds
/// nothing against anybody; the page sees that it is of another build, and asks the candidate to load it anew.
pub const VERSION: u8 = 4;
/// Bytes of one picture, at most: 640×480 at a fair quality.
pub const MAX_JPEG: usize = 160 * 1024;
/// Pixels of one picture, at most: as in `proctor-worker/script/pictures.js`, whichever side is the longer one.
pub const MAX_PIXELS: u32 = 640 * 480;
/// Pictures of one violation, at most.
pub const MAX_STILLS: usize = 6;
/// Bytes of a message, at most.
pub const MAX_MESSAGE: usize = MAX_STILLS * (MAX_JPEG + 16) + 64;
/// Violations in one verdict, at most; the newest.
pub const MAX_SHOWN: usize = 100;

/// From the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Up {
    Open(Open),
    /// As [`Writer`](crate::log::Writer) cut it.
    Batch(#[serde(with = "crate::bytes")] Vec<u8>),
    /// The answer to [`Down::ShowMe`].
    Frame {
        nonce: u64,
        at_ms: u32,
        /// What the browser saw in it; None where it cannot look.
        claim: Option<Look>,
        #[serde(with = "crate::bytes")]
        jpeg: Vec<u8>,
    },
    /// The candidate's face, from the device check.
    Reference {
        #[serde(with = "crate::bytes")]
        jpeg: Vec<u8>,
    },
    /// The last pictures of a violation, or all, or none.
    Evidence {
        violation: ViolationId,
        stills: Vec<Still>,
    },
    /// A spot check that cannot be met.
    Refused {
        nonce: u64,
        why: NoFrame,
    },
    /// One of the pictures of a violation; more follow, and [`Up::Evidence`] at last. On a slow line only small messages leave
    /// room for signs of life.
    Still {
        violation: ViolationId,
        still: Still,
    },
}

/// How a page begins to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Open {
    /// It goes on with this log: from memory, or from the journal after it was loaded anew.
    Resume(LogId),
    New(Beginning),
}

/// Why a page begins a new log, as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginning {
    /// It knows of none before.
    NoJournal,
    /// The journal cannot be read.
    BrokenJournal,
    /// The server refused to go on with the one before.
    Refused,
}

/// One picture as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    pub at_ms: u32,
    #[serde(with = "crate::bytes")]
    pub jpeg: Vec<u8>,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoFrame {
    CameraOff,
    /// The page is hidden, and the browser draws nothing.
    PageHidden,
    NotReady,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Down {
    Welcome(Box<Welcome>),
    /// Everything before `next_seq` is safe.
    Ack {
        log: LogId,
        next_seq: u32,
    },
    /// The log cannot go on: a new one has to be begun.
    BeginAnew {
        log: LogId,
    },
    /// A spot check: a picture of this very moment is wanted.
    ShowMe {
        nonce: u64,
    },
    WantEvidence {
        violation: ViolationId,
    },
    /// What the candidate may see of the server's verdict.
    Verdict(Vec<Shown>),
    /// The reference does not show one face, or could not be looked at: another one is wanted.
    ReferenceRefused,
    /// The interview is over, and the server wants nothing more of it: its log may be forgotten.
    Farewell,
    /// The server does not know where the log is: it is to be opened again, over this connection.
    OpenAgain,
}

/// What a page needs to report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub log: LogId,
    pub nonce: Nonce,
    /// The batch that is expected next. 0 for a new log.
    pub next_seq: u32,
    /// Over all batches before it. A page whose journal comes to something else (a second page went on with it, say) says
    /// [`Beginning::BrokenJournal`]: see [`Writer::agree`](crate::log::Writer::agree).
    pub head: Digest,
    /// When this log began, in ms since the first log of the interview began.
    pub began_ms: u32,
    /// How long ago that was, by the server's clock: the time of a resumed log goes on from here, unless it is further on
    /// already. 0 for a new one.
    pub log_ms: u32,
    pub policy: Policy,
}

/// A violation as the candidate sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub kind: Kind,
    pub severity: Severity,
    pub from_ms: u32,
    pub to_ms: Option<u32>,
}

/// Why a message was not read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("another version of the messages: {0}, not {VERSION}")]
    Version(u8),
    #[error("{0} too large")]
    TooLarge(&'static str),
    #[error("malformed message")]
    Malformed,
}

impl Up {
    /// # Errors
    /// When it is larger than the server would take.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        self.check()?;
        encode(self)
    }

    /// # Errors
    /// When it is of another version, malformed or too large.
    pub fn decode(bytes: &[u8]) -> Result<Up, WireError> {
        let up: Up = decode(bytes)?;
        up.check()?;
        Ok(up)
    }

    fn check(&self) -> Result<(), WireError> {
        let at_most = |what, len, most| if len <= most { Ok(()) } else { Err(WireError::TooLarge(what)) };
        match self {
            Up::Batch(bytes) => at_most("batch", bytes.len(), MAX_BATCH),
            Up::Frame { jpeg, .. } | Up::Reference { jpeg } => at_most("picture", jpeg.len(), MAX_JPEG),
            Up::Evidence { stills, .. } => {
                at_most("number of pictures", stills.len(), MAX_STILLS)?;
                stills.iter().try_for_each(|still| at_most("picture", still.jpeg.len(), MAX_JPEG))
            }
            Up::Still { still, .. } => at_most("picture", still.jpeg.len(), MAX_JPEG),
            Up::Open(_) | Up::Refused { .. } => Ok(()),
        }
    }
}

impl Down {
    /// # Errors
    /// When it is larger than the browser would take.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        self.check()?;
        encode(self)
    }

    /// # Errors
    /// When it is of another version, malformed or too large.
    pub fn decode(bytes: &[u8]) -> Result<Down, WireError> {
        let down: Down = decode(bytes)?;
        down.check()?;
        Ok(down)
    }

    fn check(&self) -> Result<(), WireError> {
        match self {
            Down::Verdict(shown) if shown.len() > MAX_SHOWN => Err(WireError::TooLarge("verdict")),
            _ => Ok(()),
        }
    }
}

fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, WireError> {
    postcard::to_extend(message, vec![VERSION]).map_err(|_| WireError::Malformed)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > MAX_MESSAGE {
        return Err(WireError::TooLarge("message"));
    }
    match bytes.split_first() {
        Some((&VERSION, rest)) => match postcard::take_from_bytes(rest) {
            Ok((message, [])) => Ok(message),
            _ => Err(WireError::Malformed),
        },
        Some((version, _)) => Err(WireError::Version(*version)),
        None => Err(WireError::Malformed),
    }
}
