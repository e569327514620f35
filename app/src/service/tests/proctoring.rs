//! Proctoring from batches to violations, over workers that die and pages that lie.

use std::sync::Arc;

use proctor::{
    log::Writer,
    observation::{Look, Unclear},
    policy::{Kind, Severity},
    signal::{Entry, Signal, Stage, What},
    wire::{Beginning, Down, Open, Still, Up, Welcome},
};

use crate::{
    interview::Command,
    model::{Decision, EndReason, NewInterview, Session, SessionId, Status},
    ports::{Examined, MasterKey, Unexamined},
    service::{
        AppState, Vault,
        fakes::{self, World},
        proctoring::{Line, LogState, NewReview, Part, Replay, Watcher},
        tests::page::invite,
    },
};

pub const ONE: Look = Look::Clear { faces: 1, head: None };
pub const NOBODY: Look = Look::Clear { faces: 0, head: None };

/// A page that reports, as its worker hears it.
pub struct Reporting {
    pub id: SessionId,
    pub watcher: Watcher,
    pub writer: Writer,
    pub welcome: Welcome,
    pub at_ms: u32,
}

pub fn jpeg(content: u8) -> Vec<u8> {
    vec![0xff, 0xd8, 0xff, content, 0xff, 0xd9]
}

pub async fn consented(worker: &AppState) -> SessionId {
    consented_to(worker, fakes::wish(2)).await
}

pub async fn consented_to(worker: &AppState, wish: NewInterview) -> SessionId {
    let id = worker.creation.create(wish).await.unwrap().session.id;
    worker.sessions.step(id, &Command::GiveConsent).await.unwrap();
    id
}

pub async fn begin(worker: &AppState, id: SessionId) {
    for command in [Command::Start { by: crate::model::Actor::Candidate }, Command::OpenQuestion] {
        worker.sessions.step(id, &command).await.unwrap();
    }
}

/// A store of one worker's own, and a page that reports of an interview that has begun.
pub async fn reporting() -> (World, AppState, Reporting) {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    begin(&worker, id).await;
    let page = Reporting::of(&worker, id).await;
    (world, worker, page)
}

pub fn welcome(downs: Vec<Down>) -> Welcome {
    downs
        .into_iter()
        .find_map(|down| match down {
            Down::Welcome(welcome) => Some(*welcome),
            _ => None,
        })
        .expect("a welcome")
}

fn acknowledged(downs: &[Down]) -> Option<u32> {
    downs.iter().find_map(|down| match down {
        Down::Ack { next_seq, .. } => Some(*next_seq),
        _ => None,
    })
}

impl Reporting {
    /// Begins to report, the interview having begun.
    pub async fn of(worker: &AppState, id: SessionId) -> Self {
        let mut watcher = worker.proctor.watcher(id);
        let open = Up::Open(Open::New(Beginning::NoJournal)).encode().unwrap();
        let welcome = welcome(watcher.hear(&open).await);
        let writer = Writer::new(&id.to_string(), welcome.log, &welcome.nonce);
        let mut page = Self { id, watcher, writer, welcome, at_ms: 0 };
        page.signal(Signal::Stage(Stage::Interview));
        page
    }

    pub fn signal(&mut self, signal: Signal) {
        self.writer.append(&Entry { at_ms: self.at_ms, what: What::Signal(signal) });
    }

    /// Looks twice a second, for so long.
    pub async fn looks(&mut self, world: &World, seconds: u32, look: Look) -> Vec<Down> {
        let mut downs = Vec::new();
        for _ in 0..seconds {
            for _ in 0..2 {
                self.at_ms += 500;
                self.writer.append(&Entry { at_ms: self.at_ms, what: What::Look(look) });
            }
            world.clock.advance_s(1);
            downs.extend(self.send().await);
            downs.extend(Box::pin(self.watcher.tick()).await);
        }
        downs
    }

    pub async fn send(&mut self) -> Vec<Down> {
        match self.writer.cut().map(<[u8]>::to_vec) {
            Some(bytes) => self.say(Up::Batch(bytes)).await,
            None => vec![],
        }
    }

    pub async fn say(&mut self, up: Up) -> Vec<Down> {
        Box::pin(self.watcher.hear(&up.encode().unwrap())).await
    }

    /// Time passes, and these are seen, until the server asks for a picture.
    pub async fn asked(&mut self, world: &World, look: Look) -> u64 {
        loop {
            let downs = self.looks(world, 1, look).await;
            if let Some(nonce) = downs.iter().find_map(|down| match down {
                Down::ShowMe { nonce } => Some(*nonce),
                _ => None,
            }) {
                return nonce;
            }
        }
    }

    /// Time passes until the server asks for a picture, and its answer is what is given.
    pub async fn shows(&mut self, world: &World, claim: Look, content: u8) {
        let nonce = self.asked(world, claim).await;
        self.say(Up::Frame { nonce, at_ms: self.at_ms, claim: Some(claim), jpeg: jpeg(content) }).await;
        tokio::task::yield_now().await;
        self.looks(world, 8, claim).await;
    }

    /// Sends a picture of the face, and waits for what the server makes of it.
    pub async fn refers_to(&mut self, content: u8) -> Vec<Down> {
        self.say(Up::Reference { jpeg: jpeg(content) }).await;
        tokio::task::yield_now().await;
        self.watcher.tick().await
    }

    pub async fn session(&self, worker: &AppState) -> Arc<Session> {
        worker.sessions.get(self.id).await.unwrap()
    }
}

/// The page connects again, to this worker, and sends what it does not know to be kept.
pub async fn reconnect(page: &mut Reporting, worker: &AppState) {
    page.watcher = worker.proctor.watcher(page.id);
    let again = welcome(page.say(Up::Open(Open::Resume(page.welcome.log))).await);
    if again.log == page.welcome.log {
        page.writer.agree(again.next_seq, again.head).expect("it fits the page's log");
        let rest: Vec<_> = page.writer.batches().map(<[u8]>::to_vec).collect();
        for batch in rest {
            page.say(Up::Batch(batch)).await;
        }
    } else {
        page.writer = Writer::new(&page.id.to_string(), again.log, &again.nonce);
        page.at_ms = 0;
    }
    page.welcome = again;
}

/// What a log comes to when it is read once more.
pub async fn read_again(worker: &AppState, id: SessionId) -> Replay {
    match worker.proctor.log(id, std::time::Duration::from_secs(9)).await.unwrap() {
        LogState::Read(replay) => replay,
        other => panic!("{other:?}"),
    }
}

pub fn kinds(session: &Session) -> Vec<(Kind, Severity)> {
    let kept = session.proctoring.as_ref().expect("a proctored interview");
    kept.violations.iter().map(|violation| (violation.key.kind, violation.severity)).collect()
}

#[tokio::test]
async fn an_empty_chair_is_a_violation_with_pictures() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 4, ONE).await;
    assert_eq!(page.session(&worker).await.violations_count, 0);
    let downs = page.looks(&world, 8, NOBODY).await;
    let wanted = downs.iter().find_map(|down| match down {
        Down::WantEvidence { violation } => Some(*violation),
        _ => None,
    });
    let wanted = wanted.expect("pictures are asked for");
    let stills = (0..2).map(|number| Still { at_ms: page.at_ms, jpeg: jpeg(number) }).collect();
    page.say(Up::Evidence { violation: wanted, stills }).await;
    page.looks(&world, 4, ONE).await;

    let session = page.session(&worker).await;
    assert_eq!(kinds(&session), [(Kind::NoFace, Severity::Medium)]);
    assert_eq!(session.violations_count, 1);
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert!(violation.to.is_some(), "it is over");
    assert_eq!(violation.stills.len(), 2);
    assert_eq!(worker.proctor.still(id, violation.key, 1).await.unwrap(), Some(jpeg(1)));

    let unasked = proctor::policy::ViolationId { from_ms: 1, kind: Kind::Copy };
    page.say(Up::Evidence { violation: unasked, stills: vec![Still { at_ms: 1, jpeg: jpeg(9) }] }).await;
    assert_eq!(world.blobs.count(id, "still/"), 2, "what nobody asked for is not kept");
}

#[tokio::test]
async fn another_worker_goes_on_where_the_first_died() {
    let world = World::shared();
    let first = world.worker().await;
    let id = consented(&first).await;
    begin(&first, id).await;
    let mut page = Reporting::of(&first, id).await;
    page.looks(&world, 12, ONE).await;
    // The last ones are not acknowledged when the worker dies.
    page.looks(&world, 4, NOBODY).await;
    let second = world.worker().await;
    let mut watcher = second.proctor.watcher(id);
    let open = Up::Open(Open::Resume(page.welcome.log)).encode().unwrap();
    let again = welcome(watcher.hear(&open).await);
    assert_eq!((again.log, again.nonce), (page.welcome.log, page.welcome.nonce));
    assert!(again.next_seq > 0, "what was acknowledged is known");
    page.writer.agree(again.next_seq, again.head).expect("it fits the page's log");
    let rest: Vec<_> = page.writer.resend_from(again.next_seq).unwrap().map(<[u8]>::to_vec).collect();
    assert!(!rest.is_empty());
    for batch in rest {
        watcher.hear(&Up::Batch(batch).encode().unwrap()).await;
    }
    page.watcher = watcher;
    page.looks(&world, 4, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    assert_eq!(kinds(&*page.session(&second).await), [(Kind::NoFace, Severity::Medium)]);

    page.watcher.leave().await;
    let replay = read_again(&second, id).await;
    assert!(replay.whole && replay.logs == 1, "{replay:?}");
    assert_eq!(replay.violations.len(), 1, "the stored log leads to the same verdict");
}

#[tokio::test]
async fn a_worker_that_was_taken_over_keeps_nothing_more() {
    let world = World::shared();
    let (first, second) = (world.worker().await, world.worker().await);
    let id = consented(&first).await;
    begin(&first, id).await;
    let mut page = Reporting::of(&first, id).await;
    let mut watcher = second.proctor.watcher(id);
    watcher.hear(&Up::Open(Open::Resume(page.welcome.log)).encode().unwrap()).await;
    page.signal(Signal::Printed);
    assert_eq!(page.send().await, [Down::OpenAgain]);
}

#[tokio::test]
async fn every_manipulation_of_a_log_is_found() {
    type Lie = fn(&mut Vec<Vec<u8>>);
    let lies: [(&str, Lie); 4] = [
        ("edited", |batches| {
            let last = batches[1].len() - 1;
            batches[1][last] ^= 1;
        }),
        ("left out", |batches| drop(batches.remove(1))),
        ("swapped", |batches| batches.swap(1, 2)),
        ("forged", |batches| batches[1] = vec![7; 40]),
    ];
    for (name, lie) in lies {
        let world = World::exclusive();
        let worker = world.worker().await;
        let id = consented(&worker).await;
        begin(&worker, id).await;
        let mut page = Reporting::of(&worker, id).await;
        let mut batches = Vec::new();
        for _ in 0..4 {
            page.at_ms += 500;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(ONE) });
            batches.extend(page.writer.cut().map(<[u8]>::to_vec));
        }
        world.clock.advance_s(2);
        lie(&mut batches);
        let mut downs = Vec::new();
        for batch in batches {
            downs.extend(page.watcher.hear(&Up::Batch(batch).encode().unwrap()).await);
        }
        let session = page.session(&worker).await;
        assert!(kinds(&session).contains(&(Kind::Tampering, Severity::High)), "{name}: {:?}", kinds(&session));
        assert!(downs.iter().any(|down| matches!(down, Down::BeginAnew { .. })), "{name}");
        let detail = session.proctoring.as_ref().unwrap().violations[0].detail.clone();
        assert!(detail.is_some_and(|detail| !detail.is_empty()), "{name}");
    }
}

#[tokio::test]
async fn a_repeated_batch_is_no_lie() {
    let (world, worker, mut page) = reporting().await;
    page.at_ms += 500;
    page.writer.append(&Entry { at_ms: 500, what: What::Look(ONE) });
    let batch = page.writer.cut().unwrap().to_vec();
    world.clock.advance_s(1);
    for _ in 0..3 {
        page.say(Up::Batch(batch.clone())).await;
    }
    assert_eq!(kinds(&*page.session(&worker).await), []);
}

#[tokio::test]
async fn a_page_that_claims_somebody_in_an_empty_chair_is_found_out() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.shows(&world, ONE, 1).await;
    assert_eq!(kinds(&*page.session(&worker).await), [], "an honest page");
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![2], face: None }));
    page.shows(&world, ONE, 2).await;
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![3], face: None }));
    page.shows(&world, ONE, 3).await;
    let session = page.session(&worker).await;
    assert!(kinds(&session).contains(&(Kind::Contradiction, Severity::High)), "{:?}", kinds(&session));
    let violation = session.proctoring.as_ref().unwrap().violations.last().cloned().unwrap();
    assert!(violation.detail.unwrap().contains("nobody"));
    assert_eq!(worker.proctor.still(id, violation.key, 0).await.unwrap(), Some(jpeg(3)), "the picture is the evidence");
    let checks = worker.proctor.checks(id).await.unwrap();
    assert_eq!(checks.iter().map(|check| check.seen).collect::<Vec<_>>(), [Some(ONE), Some(NOBODY), Some(NOBODY)]);
    assert_eq!(worker.proctor.check_picture(id, checks[2].at_ms).await.unwrap(), Some(jpeg(3)));
}

#[tokio::test]
async fn a_picture_that_is_sent_again_and_somebody_else_are_found() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let mut page = Reporting::of(&worker, id).await;
    page.refers_to(0).await;
    assert!(page.session(&worker).await.proctoring.as_ref().unwrap().reference_at.is_some());
    begin(&worker, id).await;
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    page.shows(&world, ONE, 1).await;
    page.shows(&world, ONE, 1).await;
    page.shows(&world, ONE, 1).await;
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::Contradiction, Severity::High)), "{found:?}");
    for content in 5..8 {
        world.examiner.see(Ok(Examined { look: ONE, print: vec![content], face: Some(vec![2.0]) }));
        page.shows(&world, ONE, content).await;
    }
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::AnotherPerson, Severity::High)), "{found:?}");
}

#[tokio::test]
async fn a_server_that_is_too_busy_to_look_accuses_nobody() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    world.examiner.see(Err(Unexamined::Busy));
    page.shows(&world, ONE, 1).await;
    assert_eq!((worker.proctor.checks(id).await.unwrap().len(), worker.proctor.looked_at(id).await.unwrap()), (1, 0));
    page.shows(&world, Look::CannotTell(Unclear::TooDark), 2).await;
    let found = kinds(&*page.session(&worker).await);
    assert!(!found.iter().any(|(kind, _)| *kind == Kind::Contradiction), "{found:?}");
}

#[tokio::test]
async fn nothing_is_taken_before_consent_or_where_nobody_watches() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let unwatched = NewInterview { proctored: Some(false), ..fakes::wish(1) };
    let without_consent = fakes::create(&worker, 1).await;
    let without_proctoring = consented_to(&worker, unwatched).await;
    for id in [without_consent, without_proctoring] {
        let mut watcher = worker.proctor.watcher(id);
        let open = Up::Open(Open::New(Beginning::NoJournal)).encode().unwrap();
        assert_eq!(watcher.hear(&open).await, []);
        watcher.hear(&Up::Reference { jpeg: jpeg(1) }.encode().unwrap()).await;
        assert_eq!(world.blobs.count(id, ""), 0);
    }
}

#[tokio::test]
async fn what_was_taken_survives_a_store_that_is_down_and_is_acknowledged_later() {
    let (world, worker, mut page) = reporting().await;
    world.blobs.fail(true);
    let downs = page.looks(&world, 15, ONE).await;
    assert_eq!(acknowledged(&downs), None);
    world.blobs.fail(false);
    let downs = page.looks(&world, 1, ONE).await;
    assert_eq!(acknowledged(&downs), Some(16));
    assert_eq!(kinds(&*page.session(&worker).await), []);
}

/// As [`reporting`], of an interview with this policy.
async fn reporting_by(policy: serde_json::Value) -> (World, AppState, Reporting) {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut job: crate::model::NewJob = serde_json::from_value(serde_json::json!({
        "title": "Strict", "questions": [{"text": "Why?"}],
    }))
    .unwrap();
    job.proctoring.policy = policy;
    let job = worker.jobs.create(job).await.unwrap();
    let wish = NewInterview { job_id: Some(job.id), questions: vec![], ..fakes::wish(1) };
    let id = consented_to(&worker, wish).await;
    begin(&worker, id).await;
    let page = Reporting::of(&worker, id).await;
    (world, worker, page)
}

#[tokio::test]
async fn a_browser_that_cannot_share_a_screen_is_noted_with_its_reason() {
    let (world, worker, mut page) = reporting_by(serde_json::json!({"share_screen": true})).await;
    page.signal(Signal::ShareImpossible);
    page.looks(&world, 150, ONE).await;
    let shares = kinds(&*page.session(&worker).await).into_iter().filter(|(kind, _)| *kind == Kind::ShareEnded);
    assert_eq!(shares.collect::<Vec<_>>(), [(Kind::ShareEnded, Severity::Info)]);
    // Another log knows nothing of it.
    page.say(Up::Open(Open::New(Beginning::NoJournal))).await;
    let session = page.session(&worker).await;
    let mut violations = session.proctoring.as_ref().unwrap().violations.iter();
    let noted = violations.find(|violation| violation.key.kind == Kind::ShareEnded).unwrap();
    assert!(noted.to.is_some() && noted.detail.as_deref().is_some_and(|why| why.contains("cannot share")), "{noted:?}");
}

#[tokio::test]
async fn a_policy_may_end_the_interview() {
    let policy = serde_json::json!({"terminate_after": 1, "terminate_severity": "medium"});
    let (world, worker, mut page) = reporting_by(policy).await;
    page.looks(&world, 9, NOBODY).await;
    let session = page.session(&worker).await;
    assert_eq!((session.status, session.end_reason), (Status::Completed, Some(EndReason::TooManyViolations)));
}

#[tokio::test]
async fn people_decide_and_candidates_have_a_word() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    let key = page.session(&worker).await.proctoring.as_ref().unwrap().violations[0].key;
    let decide = |decision, reason: &str| NewReview {
        violation: key,
        decision,
        reason: reason.into(),
        by: "ada@example.org".into(),
    };
    let refused = worker.proctor.review(id, decide(Decision::Dismissed, " ")).await.unwrap_err();
    assert!(refused.detail.contains("why"), "{}", refused.detail);
    worker.proctor.explain(&invite(&worker, id), key, "I picked up my pen.").await.unwrap();
    let session = worker.proctor.review(id, decide(Decision::Dismissed, "A pen fell down.")).await.unwrap();
    assert_eq!(session.violations_count, 0);
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert_eq!(violation.note.as_deref(), Some("I picked up my pen."));
    let session = worker.proctor.review(id, decide(Decision::Confirmed, "")).await.unwrap();
    assert_eq!(session.violations_count, 1, "a decision can be changed");
}

#[tokio::test]
async fn recordings_go_with_the_session_and_after_their_time() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (kept, deleted) = (consented(&worker).await, consented(&worker).await);
    for id in [kept, deleted] {
        begin(&worker, id).await;
        let mut page = Reporting::of(&worker, id).await;
        page.looks(&world, 12, ONE).await;
        page.watcher.leave().await;
        assert!(world.blobs.count(id, "") > 0);
    }
    worker.delete_session(deleted).await.unwrap();
    assert_eq!(world.blobs.count(deleted, ""), 0);

    world.clock.advance_s(20 * 86_400);
    worker.sessions.step(kept, &Command::End { by: crate::model::Actor::Admin }).await.unwrap();
    world.clock.advance_s(29 * 86_400);
    worker.proctor.erase_due().await;
    assert!(world.blobs.count(kept, "") > 0, "not yet");
    world.clock.advance_s(2 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(kept, ""), 0);
    let session = worker.sessions.get(kept).await.unwrap();
    assert!(session.proctoring.as_ref().unwrap().erased_at.is_some());
    assert_eq!(worker.proctor.log(kept, std::time::Duration::from_secs(9)).await.unwrap(), LogState::None);
}

#[tokio::test]
async fn recordings_of_an_interview_that_never_ends_are_erased_after_the_last_activity() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let mut page = Reporting::of(&worker, id).await;
    page.refers_to(0).await;
    page.watcher.leave().await;
    world.clock.advance_s(20 * 86_400);
    begin(&worker, id).await;
    world.clock.advance_s(20 * 86_400);
    worker.proctor.erase_due().await;
    assert!(world.blobs.count(id, "reference/") > 0, "the candidate was here 20 days ago");
    world.clock.advance_s(11 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(id, ""), 0);
    let session = worker.sessions.get(id).await.unwrap();
    assert_eq!(session.status, Status::InProgress);
    assert!(session.proctoring.as_ref().unwrap().erased_at.is_some());

    // Whoever comes back after that is watched as ever, and what is recorded then is erased in its turn.
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 12, ONE).await;
    page.watcher.leave().await;
    let kept = page.session(&worker).await.proctoring.clone().unwrap();
    assert_eq!((kept.erased_at, kept.reference_at), (None, None));
    let log = worker.proctor.log(id, std::time::Duration::from_secs(9)).await.unwrap();
    assert!(matches!(log, LogState::Read(Replay { whole: true, entries: 21.., .. })), "{log:?}");
    world.clock.advance_s(31 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(id, ""), 0);
}

async fn told(worker: &AppState, id: SessionId) -> Vec<Line> {
    let session = worker.sessions.get(id).await.unwrap();
    let mut telling = worker.proctor.telling(&session).await.unwrap();
    let mut all = Vec::new();
    while let Some(part) = worker.proctor.next_part(&mut telling).await.unwrap() {
        match part {
            Part::Lines(lines) => all.extend(lines),
            Part::Unreadable => panic!("it is whole"),
        }
    }
    all
}

#[tokio::test]
async fn a_log_is_told_entry_by_entry_over_all_its_logs() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    let began_at = page.session(&worker).await.proctoring.as_ref().unwrap().began_at.unwrap();
    page.looks(&world, 12, ONE).await;
    page.watcher.leave().await;
    world.clock.advance_s(8);
    // A page without its journal.
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 1, NOBODY).await;
    page.watcher.leave().await;
    let lines = told(&worker, id).await;
    let stages = lines.iter().filter(|line| line.what == What::Signal(Signal::Stage(Stage::Interview))).count();
    assert_eq!((lines.len(), stages), (28, 2), "24 looks and 2, and what each log begins with");
    let at = |line: &Line| line.at.since(began_at);
    assert_eq!((at(&lines[0]), lines[1].what, at(&lines[1])), (0, What::Look(ONE), 500));
    assert_eq!((lines[27].what, at(&lines[27])), (What::Look(NOBODY), 21_000));
    worker.vault.erase(id).await.unwrap();
    assert_eq!(told(&worker, id).await, []);
}

#[tokio::test]
async fn recordings_that_cannot_be_erased_keep_no_others() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = consented(&worker).await;
        let mut page = Reporting::of(&worker, id).await;
        page.refers_to(0).await;
        page.watcher.leave().await;
        ids.push(id);
        world.clock.advance_s(1);
    }
    world.clock.advance_s(31 * 86_400);
    let left = || ids.iter().map(|id| world.blobs.count(*id, "reference/")).collect::<Vec<_>>();
    world.blobs.stick(Some(ids[0]));
    worker.proctor.erase_due().await;
    assert_eq!(left(), [1, 0, 0]);
    world.blobs.stick(None);
    world.clock.advance_s(3_601);
    worker.proctor.erase_due().await;
    assert_eq!(left(), [0, 0, 0], "it is tried again");
}

#[tokio::test]
async fn what_becomes_graver_after_a_decision_waits_for_another_one() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    let key = page.session(&worker).await.proctoring.as_ref().unwrap().violations[0].key;
    let by = "ada@example.org".to_owned();
    let dismissed =
        NewReview { violation: key, decision: Decision::Dismissed, reason: "A pen.".into(), by: by.clone() };
    worker.proctor.review(id, dismissed).await.unwrap();
    page.looks(&world, 10, NOBODY).await;
    assert_eq!(page.session(&worker).await.undecided().count, 0, "it only went on");
    page.looks(&world, 15, NOBODY).await;
    let session = page.session(&worker).await;
    let violation = session.proctoring.as_ref().unwrap().violations[0].clone();
    assert_eq!((violation.severity, violation.review), (Severity::High, None));
    assert_eq!(violation.earlier_reviews.iter().map(|it| it.reason.as_str()).collect::<Vec<_>>(), ["A pen."]);
    assert_eq!((session.undecided().count, session.violations_count), (1, 1));
    let dismissed = NewReview { violation: key, decision: Decision::Dismissed, reason: "A big pen.".into(), by };
    worker.proctor.review(id, dismissed).await.unwrap();
    page.looks(&world, 5, ONE).await;
    let session = page.session(&worker).await;
    assert_eq!((session.undecided().count, session.violations_count), (0, 0), "its end changes nothing");
}

#[tokio::test]
async fn a_worker_with_another_master_key_does_not_start() {
    let world = World::shared();
    let _first = world.worker().await;
    assert!(world.worker_with_key([8; 32]).await.is_err());
}

#[tokio::test]
async fn a_log_that_says_the_interview_is_over_silences_nothing() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.signal(Signal::Stage(Stage::Ended));
    page.looks(&world, 15, NOBODY).await;
    let found = kinds(&*page.session(&worker).await);
    assert_eq!(found, [(Kind::NoFace, Severity::Medium)], "a page may take a moment");
    page.looks(&world, 30, ONE).await;
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::Tampering, Severity::High)), "{found:?}");
    page.watcher.leave().await;
    let replay = read_again(&worker, id).await;
    assert!(replay.whole && replay.violations.len() == found.len(), "{replay:?}");
}

#[tokio::test]
async fn looks_of_the_device_check_deny_nothing() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 5, ONE).await;
    begin(&worker, id).await;
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    for _ in 0..40 {
        world.clock.advance_s(1);
        page.watcher.tick().await;
    }
    let found = kinds(&*page.session(&worker).await);
    // It answers no check either, if there was one.
    let told: Vec<_> = found.into_iter().filter(|(kind, _)| *kind != Kind::Contradiction).collect();
    assert_eq!(told, [(Kind::Unwatched, Severity::Medium)], "whose worker died says nothing, and no lie");
}

#[tokio::test]
async fn recordings_whose_master_key_is_lost_can_be_given_up() {
    let world = World::shared();
    let id = SessionId(uuid::Uuid::from_u128(1));
    let [lost, new] = [MasterKey([7; 32]), MasterKey([8; 32])];
    let records = world.store.as_ref();
    assert!(Vault::is_opened_by(None, records).await.unwrap(), "there is nothing yet");
    let worker = world.worker().await;
    worker.vault.prepare(id).await.unwrap();
    worker.vault.keep(id, "face", b"picture").await.unwrap();
    assert!(Vault::is_opened_by(Some(&lost), records).await.unwrap());
    for other in [Some(&new), None] {
        assert!(!Vault::is_opened_by(other, records).await.unwrap());
    }
    drop(worker);
    Vault::give_up(records).await.unwrap();
    let worker = world.worker_with_key(new.0).await.unwrap();
    assert_eq!(worker.vault.read(id, "face").await.unwrap(), None);
    worker.vault.prepare(id).await.unwrap();
    assert!(worker.vault.keep(id, "another face", b"picture").await.unwrap());
}
