//! The session: the one aggregate of the system, as it is stored and cached.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Contact, Evaluation, JobId, NoticeId, Presence, Proctoring, Question, Recurred, Room, RoomState, SessionId,
    TimeRules, Timers, Undecided, UnixMillis,
};

/// Where a session is in its life. Deleted sessions are gone, so there is no word for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Initialized,
    InProgress,
    Completed,
}

impl Status {
    /// The word the API uses for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initialized => "initialized",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }

    /// The status that the API calls `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Initialized, Self::InProgress, Self::Completed].into_iter().find(|s| s.as_str() == word)
    }
}

/// Who is interviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
}

/// The job that a session was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRef {
    pub id: JobId,
    pub title: String,
}

/// What the candidate's device check found. `false` means: the candidate went on without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCheck {
    pub camera: bool,
    pub microphone: bool,
}

/// The question that is being answered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuestion {
    /// Index into [`Session::questions`].
    pub index: u32,
    pub delivered_at: UnixMillis,
    /// When the candidate's time is over. Answers are taken for [`GRACE_S`] seconds more, for slow networks.
    pub deadline: UnixMillis,
    /// Milliseconds that were given back for outages. Part of the deadline.
    #[serde(default)]
    pub credited_ms: i64,
    /// Outages until then have been dealt with.
    #[serde(default)]
    pub credited_until: UnixMillis,
    /// Seconds that an admin gave for this question alone. Part of the deadline.
    #[serde(default)]
    pub granted_s: u32,
}

/// Seconds after a deadline in which an answer that was on its way is still taken.
pub const GRACE_S: u32 = 3;

/// A word from the hiring team to the candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    pub text: String,
    pub at: UnixMillis,
    /// When the candidate said that it was read.
    pub read_at: Option<UnixMillis>,
}

/// Who says something in a dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Interviewer,
    Candidate,
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utterance {
    pub speaker: Speaker,
    pub text: String,
    pub at: UnixMillis,
}

/// The report that was made of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportMark {
    pub at: UnixMillis,
    /// [`Session::basis`] when it was made. A later one means that the report has to be made again.
    pub basis: u64,
}

/// Which facts about a session have been passed on to webhooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Announced {
    pub created: bool,
    pub started: bool,
    pub completed: bool,
    /// Of the report that was announced last.
    pub report: u64,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The last question was answered or its time ran out.
    AllAnswered,
    CandidateFinished,
    EndedByAdmin,
    EndedByApi,
    /// The job's policy ends an interview after so many grave violations.
    TooManyViolations,
}

/// One interview of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub candidate: Candidate,
    pub job: Option<JobRef>,
    pub questions: Vec<Question>,
    /// How many of the questions are asked: 1..=`questions.len()`.
    pub max_questions: u32,
    pub timers: Timers,
    #[serde(default)]
    pub time: TimeRules,
    pub status: Status,
    pub created_at: UnixMillis,
    pub started_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
    pub end_reason: Option<EndReason>,
    pub consent_at: Option<UnixMillis>,
    pub devices: Option<DeviceCheck>,
    /// Questions delivered to the candidate so far.
    pub delivered: u32,
    pub open: Option<OpenQuestion>,
    pub answers: Vec<Answer>,
    pub dialogue: Vec<Utterance>,
    pub evaluations: Vec<Evaluation>,
    /// Sequence number of the last event that a report rests on.
    #[serde(default)]
    pub basis: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportMark>,
    #[serde(default)]
    pub announced: Announced,
    /// Of the violations that count.
    pub violations_count: u32,
    /// None: this interview is not proctored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proctoring: Option<Proctoring>,
    pub room: Room,
    #[serde(default)]
    pub presence: Presence,
    /// Milliseconds that were given back for outages, over all questions.
    #[serde(default)]
    pub credited_ms: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Under which key the first result of its create is kept, if it carried an `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_key: Option<String>,
    /// The list of candidates from which it was made, by id: it names the candidate, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitations: Option<String>,
    #[serde(default, skip_serializing_if = "Recurred::is_none")]
    pub recurred: Recurred,
    /// Sequence number of the last event.
    pub seq: u64,
}

impl Session {
    /// Mean score over answers that have one, 0..=10; 0.0 with none.
    #[must_use]
    pub fn average_score(&self) -> f64 {
        self.mean_score().unwrap_or_default()
    }

    /// Mean score over answers that have one, 0..=10, if any has.
    #[must_use]
    pub fn mean_score(&self) -> Option<f64> {
        let scores: Vec<f64> = self.evaluations.iter().filter_map(Evaluation::score).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// Answers given; blank ones are not counted.
    #[must_use]
    pub fn answered(&self) -> u32 {
        self.answers.iter().filter(|a| a.is_given()).count() as u32
    }

    /// When it ended; else when the candidate was last known to do something.
    #[must_use]
    pub fn last_active_at(&self) -> UnixMillis {
        let Presence { channel, loss, .. } = &self.presence;
        let watched = self.proctoring.as_ref();
        let times = [
            self.consent_at,
            self.started_at,
            self.open.map(|open| open.delivered_at),
            self.answers.last().map(|answer| answer.at),
            watched.and_then(|watched| watched.began_at),
            watched.and_then(|watched| watched.reference_at),
            channel.map(|channel| channel.since),
            loss.map(|loss| loss.since),
        ];
        self.ended_at.or_else(|| times.into_iter().flatten().max()).unwrap_or(self.created_at)
    }

    /// Whether the candidate is in the room now.
    #[must_use]
    pub fn candidate_present(&self) -> bool {
        self.room.has(&self.id.candidate_identity())
    }

    /// Answers that were given and not evaluated yet.
    pub fn unevaluated(&self) -> impl Iterator<Item = &Answer> {
        let done = |answer: &Answer| self.evaluations.iter().any(|known| known.question == answer.question);
        self.answers.iter().filter(move |answer| answer.is_given() && !done(answer))
    }

    /// Whether there is something to report on and the report that there is, if any, is out of date.
    #[must_use]
    pub fn needs_report(&self) -> bool {
        let current = self.report.is_some_and(|report| report.basis == self.basis);
        self.status == Status::Completed && self.answered() > 0 && !current && self.unevaluated().next().is_none()
    }

    /// What is to be passed on to webhooks: what is true of it now.
    #[must_use]
    pub fn to_announce(&self) -> Announced {
        Announced {
            created: true,
            started: self.started_at.is_some(),
            completed: self.status == Status::Completed,
            report: self.report.map_or(0, |report| report.basis),
        }
    }

    /// Whether a worker has something to do about it in the background.
    #[must_use]
    pub fn needs_work(&self) -> bool {
        self.needs_report() || self.announced != self.to_announce() || self.unevaluated().next().is_some()
    }

    /// What people still have to decide about what proctoring found.
    #[must_use]
    pub fn undecided(&self) -> Undecided {
        self.proctoring.as_ref().map(Proctoring::undecided).unwrap_or_default()
    }

    /// Where the candidate is, from the channel and LiveKit together.
    #[must_use]
    pub fn contact(&self) -> Contact {
        self.presence.contact(self.candidate_present())
    }

    /// What lists show of it.
    #[must_use]
    pub fn summary(&self) -> SessionSummary {
        SessionSummary {
            id: self.id,
            candidate: self.candidate.clone(),
            job: self.job.clone(),
            status: self.status,
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            delivered: self.delivered,
            answered: self.answers.len() as u32,
            max_questions: self.max_questions,
            consent_received: self.consent_at.is_some(),
            violations_count: self.violations_count,
            undecided: self.undecided(),
            present: self.candidate_present(),
            contact: self.contact(),
            room_open: matches!(self.room.state, RoomState::Open { .. }),
            deadline: self.open.map(|open| open.deadline),
        }
    }
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    pub candidate: Candidate,
    pub job: Option<JobRef>,
    pub status: Status,
    pub created_at: UnixMillis,
    pub started_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
    pub delivered: u32,
    /// Questions dealt with: answered, or their time ran out.
    pub answered: u32,
    pub max_questions: u32,
    pub consent_received: bool,
    pub violations_count: u32,
    #[serde(default)]
    pub undecided: Undecided,
    /// Whether the candidate is in the LiveKit room.
    pub present: bool,
    #[serde(default)]
    pub contact: Contact,
    /// Whether it has a LiveKit room.
    pub room_open: bool,
    /// Of the question that is open.
    pub deadline: Option<UnixMillis>,
}
