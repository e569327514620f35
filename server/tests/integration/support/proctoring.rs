//! Interviews in which something was noticed.

use app::{
    interview::Command,
    model::{Still, Violation, ViolationKey},
};
use proctor::policy::{Kind, Severity};

use super::{
    app::{TestApp, session_id},
    build::violation,
    clock::START,
};

/// What stands for a picture.
pub const PICTURE: &str = "a picture";

/// The violation that has one.
pub const FLAG: &str = "1000-no_face";

impl TestApp {
    pub async fn step(&self, id: &str, command: &Command) {
        self.state.sessions.step(session_id(id), command).await.expect("the rules allow it");
    }

    /// The session's page reported; [`FLAG`], a lesser one, a note and one that is not shown to the candidate were noticed.
    pub async fn flag(&self, id: &str) {
        let session = session_id(id);
        self.state.vault.prepare(session).await.expect("a key");
        for name in [format!("still/{FLAG}/0"), "reference/00".into()] {
            self.state.vault.keep(session, &name, PICTURE.as_bytes()).await.expect("a picture is kept");
        }
        self.step(id, &Command::BeginProctoring).await;
        self.step(id, &Command::NoteReference).await;
        let of = |second: u32, kind, severity| {
            let key = ViolationKey { from_ms: second * 1000, kind };
            Violation { key, ..violation(second, severity) }
        };
        let hidden = Violation { shown: false, ..of(4, Kind::Devtools, Severity::Low) };
        let contradicted = Violation {
            detail: Some("the page claimed one person, the server saw nobody".into()),
            ..of(2, Kind::Contradiction, Severity::Medium)
        };
        let all = vec![of(3, Kind::Copy, Severity::Info), violation(1, Severity::High), contradicted, hidden];
        self.step(id, &Command::NoteViolations(all)).await;
        let stills = vec![Still { number: 0, at: START.plus_seconds(1) }];
        let violation = FLAG.parse().expect("a violation's name");
        self.step(id, &Command::NoteEvidence { violation, stills }).await;
    }

    /// An interview that has begun, and in which [`Self::flag`] holds.
    pub async fn flagged(&self) -> String {
        let (id, candidate) = self.invite(&["What is a monad?"]).await;
        candidate.begin().await;
        self.flag(&id).await;
        id
    }

    /// Pictures and logs were kept for long enough.
    pub async fn erase(&self, id: &str) {
        self.state.vault.erase(session_id(id)).await.expect("they are erased");
        self.step(id, &Command::NoteErased).await;
    }
}
