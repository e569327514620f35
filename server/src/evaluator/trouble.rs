//! Why a language model gave no verdict.

/// What a hiring team is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It did not answer in time.
    Silent,
    /// It could not be reached, or the connection broke off.
    Unreachable,
    /// It has too much to do, or is not at work.
    Busy,
    /// It does not take our key.
    Unauthorized,
    /// Another status.
    Status(u16),
    /// What it said is no verdict: why.
    Unusable(&'static str),
    /// Nothing that it quotes is in the answer.
    Misquoted,
    /// It would not judge.
    Declined,
    /// It failed again and again, so it was not asked.
    Skipped,
    /// It asked for a pause, so it was not asked.
    Resting,
}

impl Trouble {
    /// For the verdict that the offline rules gave instead.
    pub fn note(&self) -> String {
        format!("The language model {}; offline rules evaluated instead.", self.words())
    }

    /// What it did.
    pub fn words(&self) -> String {
        match self {
            Self::Silent => "did not answer in time".into(),
            Self::Unreachable => "could not be reached".into(),
            Self::Busy => "was too busy".into(),
            Self::Unauthorized => "did not accept this server's key".into(),
            Self::Status(status) => format!("answered with status {status}"),
            Self::Unusable(why) => format!("gave a reply that cannot be used ({why})"),
            Self::Misquoted => "quoted what is not in the answer".into(),
            Self::Declined => "declined to judge this answer".into(),
            Self::Skipped => "failed several times and was not asked".into(),
            Self::Resting => "wanted to be left alone for a while and was not asked".into(),
        }
    }

    /// Whether there was a reply, if not one that helps: the endpoint works.
    pub fn is_a_reply(&self) -> bool {
        matches!(self, Self::Unusable(_) | Self::Misquoted | Self::Declined)
    }

    /// Whether it may have to do with this answer alone.
    pub fn may_be_the_answer_s(&self) -> bool {
        matches!(self, Self::Status(400 | 413 | 422))
    }
}
