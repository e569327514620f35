//! What a candidate's browser is shown.

use serde::{Deserialize, Serialize};

use super::{DeviceCheck, Draft, EndReason, Notice, QuestionKind, SessionId, Status, Timers, UnixMillis};

/// A candidate's own interview. Holds no question that was not delivered yet and nothing about any other session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateView {
    /// Grows with every step of the session: of two views the one with the larger number is the later one.
    pub seq: u64,
    pub name: String,
    pub job_title: Option<String>,
    pub status: Status,
    /// Questions that will be asked, by kind.
    pub text_questions: u32,
    pub coding_questions: u32,
    /// With accommodations.
    pub timers: Timers,
    pub consent_at: Option<UnixMillis>,
    pub devices: Option<DeviceCheck>,
    /// Whether live video is set up on this server.
    pub live_video: bool,
    /// The question to answer now. `None` before the start, at the end, and when the last one's time ran out unseen:
    /// then `open_question` delivers the next.
    pub question: Option<QuestionView>,
    /// Questions dealt with: answered, or their time ran out.
    pub answered: u32,
    pub end_reason: Option<EndReason>,
    /// From the hiring team, not read yet.
    pub notices: Vec<Notice>,
    /// Of a proctored interview: the session, which its logs begin with. None: it is not proctored.
    pub proctored: Option<SessionId>,
    /// Days after the end, or after the last activity, after which proctoring's pictures and logs are erased.
    pub keep_days: u32,
    pub asks: Asks,
    /// So many flags of a grave kind end the interview. None: nothing does.
    pub terminate_after: Option<u32>,
    /// When the server got the picture of the candidate's face, if it has one. Each visit before the start takes another.
    pub reference_at: Option<UnixMillis>,
    /// What the server has of the open question's answer. Only where a page begins or connects, else `None`.
    pub draft: Option<Draft>,
    /// The server's clock when this was made.
    pub server_now: UnixMillis,
}

/// What candidates of a proctored interview are asked for beyond camera and microphone, and may go on without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// To share the whole screen.
    pub share_screen: bool,
    /// To stay in full screen.
    pub fullscreen: bool,
}

impl Asks {
    /// Their names in a policy's JSON.
    pub const SHARE_SCREEN: &str = "share_screen";
    pub const FULLSCREEN: &str = "fullscreen";
}

impl CandidateView {
    /// Questions that will be asked in all.
    #[must_use]
    pub fn total_questions(&self) -> u32 {
        self.text_questions + self.coding_questions
    }
}

/// The question that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionView {
    /// 0 for the first.
    pub index: u32,
    pub text: String,
    pub kind: QuestionKind,
    pub delivered_at: UnixMillis,
    pub deadline: UnixMillis,
    /// Seconds of it that were given back for an outage, or given by the hiring team.
    pub added_s: u32,
    /// Characters that the answer may have.
    pub max_answer: u32,
}

/// What a browser needs to enter a LiveKit room.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomAccess {
    /// `ws://` or `wss://` address of LiveKit.
    pub url: String,
    /// Signed grant, good for one room and one identity for an hour.
    pub token: String,
}

impl std::fmt::Debug for RoomAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoomAccess").field("url", &self.url).finish_non_exhaustive()
    }
}
