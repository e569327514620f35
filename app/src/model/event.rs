//! What happened in a session. Events are facts: once recorded they never change.

use serde::{Deserialize, Serialize};

use super::{
    Announced, Answer, ChannelId, Closing, Correction, DeviceCheck, EndReason, FaultKind, LogMark, NoticeId,
    OutageCause, Review, Still, TimeRules, UnixMillis, Verdict, Violation, ViolationKey, WorkerId,
};

/// Who caused something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Candidate,
    Admin,
    Api,
}

/// One fact about a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Created {
        total_questions: u32,
        max_questions: u32,
    },
    Started {
        by: Actor,
    },
    ConsentGiven,
    DevicesChecked {
        devices: DeviceCheck,
    },
    QuestionDelivered {
        index: u32,
        deadline: UnixMillis,
    },
    /// An answer was taken. Also when the time was over: its outcome says so.
    Answered {
        answer: Answer,
    },
    Ended {
        reason: EndReason,
    },
    RoomOpened,
    RoomClosed,
    ParticipantJoined {
        sid: String,
        identity: String,
    },
    ParticipantLeft {
        sid: String,
        identity: String,
    },
    /// The candidate's page connected, or a newer page took over.
    ChannelOpened {
        channel: ChannelId,
        worker: WorkerId,
    },
    ChannelClosed {
        channel: ChannelId,
        /// When the browser was last heard.
        last_seen: UnixMillis,
        how: Closing,
    },
    /// The browser asked for something without a channel: the outage is over.
    HeardAgain,
    /// The candidate looks at something else, or is back.
    AwayChanged {
        away: bool,
    },
    /// Time was given back for an outage.
    TimeCredited {
        question: u32,
        /// Milliseconds. Less than from `from` to `to` when a cap was reached.
        ms: i64,
        from: UnixMillis,
        to: UnixMillis,
        cause: OutageCause,
    },
    /// More time for one question.
    TimeGranted {
        question: u32,
        /// Seconds for this question in all.
        total_s: u32,
        deadline: UnixMillis,
        by: Actor,
    },
    /// Accommodations were set. They hold for the open question too.
    TimeRulesSet {
        rules: TimeRules,
        /// Of the open question.
        deadline: Option<UnixMillis>,
        by: Actor,
    },
    NoticeSent {
        id: NoticeId,
        text: String,
        by: Actor,
    },
    NoticeRead {
        id: NoticeId,
    },
    Evaluated {
        question: u32,
        verdict: Box<Verdict>,
    },
    /// An admin set a score in place of the evaluator's.
    ScoreCorrected {
        question: u32,
        correction: Correction,
    },
    ReportMade {
        basis: u64,
    },
    /// The first log of the candidate's page began.
    ProctoringBegan,
    /// The interview went on, and the candidate's page reported nothing: from here on that is counted.
    ProctoringMissed,
    /// The candidate's face was captured, for comparison.
    ReferenceCaptured,
    /// A violation is new, or has become something else than it was. Its pictures, review and note are not part of this.
    ViolationNoted {
        violation: Box<Violation>,
    },
    /// There was no room for one more.
    ViolationUncounted,
    /// Pictures of a violation are kept.
    EvidenceKept {
        violation: ViolationKey,
        stills: Vec<Still>,
    },
    /// Pictures of a violation were asked for, and none came.
    EvidenceMissing {
        violation: ViolationKey,
    },
    ViolationReviewed {
        violation: ViolationKey,
        review: Review,
    },
    /// The candidate said something about a violation.
    ViolationExplained {
        violation: ViolationKey,
        note: String,
    },
    /// Something keeps the interview from being proctored.
    ProctoringFailed {
        why: FaultKind,
    },
    /// The log was kept so far.
    LogKept {
        log: LogMark,
    },
    /// Pictures and logs were erased, since they were kept for long enough.
    EvidenceErased,
    /// Webhooks were told.
    Announced {
        announced: Announced,
    },
}

/// An event with its place in the session's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// 1 for the first event of a session, then one more for each. Those that were counted and not kept leave gaps.
    pub seq: u64,
    pub at: UnixMillis,
    #[serde(flatten)]
    pub event: Event,
}
