//! Lists, counts and the search for sessions without a room.

use std::sync::Arc;

use app::{
    interview::Command,
    model::{Actor, Decision, GRAVER, JobId, JobRef, SessionFilter, SessionId, Status, Undecided},
    ports::{SessionCounts, SessionStore, Stored},
};
use proctor::policy::Severity;

use crate::support::{
    backend::Backend,
    build::{new_session, review, step, violation},
    clock::{START, TestClock},
};

fn all() -> SessionFilter {
    SessionFilter::default()
}

async fn ids(store: &Arc<dyn SessionStore>, filter: &SessionFilter, limit: u32, offset: u64) -> (Vec<SessionId>, u64) {
    let page = store.list(filter, limit, offset).await.expect("a page");
    (page.sessions.iter().map(|session| session.id).collect(), page.total)
}

pub async fn newest_first_then_by_id(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    assert_eq!(ids(&store, &all(), 10, 0).await, (vec![], 0));
    let mut made = Vec::new();
    for number in 0..7 {
        // Several in the same millisecond.
        let stored = new_session(&format!("Candidate {number}"), START.plus_seconds(number / 3));
        store.insert(&stored).await.unwrap();
        made.push(stored.session);
    }
    made.sort_by_key(|session| (std::cmp::Reverse(session.created_at), session.id));
    let expected: Vec<SessionId> = made.iter().map(|session| session.id).collect();

    assert_eq!(ids(&store, &all(), 200, 0).await, (expected.clone(), 7));
    let mut paged = Vec::new();
    for offset in [0, 3, 6] {
        let (page, total) = ids(&store, &all(), 3, offset).await;
        assert_eq!(total, 7, "of all pages");
        paged.extend(page);
    }
    assert_eq!(paged, expected);
    assert_eq!(ids(&store, &all(), 3, 7).await, (vec![], 7));
    assert_eq!(ids(&store, &all(), 3, u64::from(u32::MAX) * 8).await, (vec![], 7));

    let page = store.list(&all(), 200, 0).await.unwrap();
    assert_eq!(page.sessions, made.iter().map(app::model::Session::summary).collect::<Vec<_>>());
}

pub async fn filter_and_search(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let mut ada = new_session("Ada Lovelace", START);
    ada.session.job = Some(JobRef { id: JobId("1".into()), title: "Größte 100%_Stelle (C++)".into() });
    let bob = new_session("Bob \\ Marley", START);
    for stored in [&ada, &bob] {
        store.insert(stored).await.unwrap();
    }
    store.save(&step(&bob, &Command::Start { by: Actor::Api }, START)).await.unwrap();
    let (ada, bob) = (ada.session.id, bob.session.id);

    let found = |status: Option<Status>, search: &str| {
        let (store, filter) = (Arc::clone(&store), SessionFilter { status, search: search.into() });
        async move {
            let (found, total) = ids(&store, &filter, 10, 0).await;
            assert_eq!(found.len() as u64, total, "{filter:?}");
            found
        }
    };
    assert_eq!(found(Some(Status::Initialized), "").await, [ada]);
    assert_eq!(found(Some(Status::InProgress), "").await, [bob]);
    assert_eq!(found(Some(Status::Completed), "").await, []);
    assert_eq!(found(None, "LOVE").await, [ada], "any case");
    assert_eq!(found(None, "@example.org").await.len(), 2, "an e-mail address");
    assert_eq!(found(None, "GRÖSSTE").await, [], "ß and SS are different letters");
    assert_eq!(found(None, "größte").await, [ada], "a job title");
    assert_eq!(found(None, "GRÖ").await, [ada], "any case beyond ASCII");
    assert_eq!(found(Some(Status::InProgress), "ada").await, [], "both must match");
    assert_eq!(found(Some(Status::InProgress), "bob").await, [bob]);
    for (special, expected) in
        [("%", vec![ada]), ("_", vec![ada]), ("(c++)", vec![ada]), ("\\", vec![bob]), (".*", vec![])]
    {
        assert_eq!(found(None, special).await, expected, "{special} stands for itself");
    }
    assert_eq!(found(None, "lovelaceada").await, [], "no match spans two fields");
}

pub async fn counts_follow_every_transition(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let expect = async |initialized, in_progress, completed| {
        let expected = SessionCounts { initialized, in_progress, completed };
        assert_eq!(store.counts().await.unwrap(), expected);
        for (status, count) in
            [(Status::Initialized, initialized), (Status::InProgress, in_progress), (Status::Completed, completed)]
        {
            let filter = SessionFilter { status: Some(status), search: String::new() };
            assert_eq!(ids(&store, &filter, 10, 0).await.1, count);
        }
        assert_eq!(ids(&store, &all(), 10, 0).await.1, initialized + in_progress + completed);
    };
    expect(0, 0, 0).await;
    let first = new_session("Ada", START);
    store.insert(&first).await.unwrap();
    store.insert(&new_session("Bob", START)).await.unwrap();
    expect(2, 0, 0).await;
    let consented = step(&first, &Command::GiveConsent, START);
    store.save(&consented).await.unwrap();
    expect(2, 0, 0).await;
    let started = step(&consented, &Command::Start { by: Actor::Candidate }, START);
    store.save(&started).await.unwrap();
    expect(1, 1, 0).await;
    let ended = step(&started, &Command::End { by: Actor::Admin }, START);
    store.save(&ended).await.unwrap();
    expect(1, 0, 1).await;
    store.save(&started).await.expect_err("stale");
    expect(1, 0, 1).await;
    store.delete(first.session.id).await.unwrap();
    expect(1, 0, 0).await;
}

pub async fn rooms_still_to_make(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let made: Vec<Stored> =
        (0..4).map(|number| new_session(&format!("Candidate {number}"), START.plus_seconds(10 - number))).collect();
    for stored in &made {
        store.insert(stored).await.unwrap();
    }
    let id = |number: usize| made[number].session.id;
    assert_eq!(store.without_room(2).await.unwrap(), [id(3), id(2)], "oldest first");
    store.save(&step(&made[3], &Command::NoteRoomOpened, START)).await.unwrap();
    let started = step(&made[2], &Command::Start { by: Actor::Api }, START);
    store.save(&started).await.unwrap();
    assert_eq!(store.without_room(10).await.unwrap(), [id(2), id(1), id(0)]);
    store.save(&step(&started, &Command::End { by: Actor::Api }, START)).await.unwrap();
    store.delete(id(0)).await.unwrap();
    assert_eq!(store.without_room(10).await.unwrap(), [id(1)], "a completed session needs none");
}

pub async fn most_urgent_first(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let flagged = async |name: &str, made_s: u32, severities: &[Severity]| {
        let stored = new_session(name, START.plus_seconds(made_s));
        store.insert(&stored).await.unwrap();
        let found = severities.iter().zip(1..).map(|(severity, second)| violation(second, *severity)).collect();
        let stored = step(&stored, &Command::NoteViolations(found), START);
        store.save(&stored).await.unwrap();
        stored
    };
    let ids = async |limit: u32| {
        let found = store.to_review(limit).await.unwrap();
        found.iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(10).await, []);
    let many = flagged("Many", 60, &[Severity::Medium; 6]).await;
    let one = flagged("One", 60, &[Severity::High]).await;
    let worst = flagged("Worst", 60, &[Severity::Critical]).await;
    let older = flagged("Older", 0, &[Severity::Info, Severity::High]).await;
    flagged("Fine", 0, &[Severity::Info]).await;
    let [many_id, one_id, worst_id, older_id] = [&many, &one, &worst, &older].map(|stored| stored.session.id);
    assert_eq!(ids(10).await, [worst_id, older_id, one_id, many_id], "many lesser ones are less urgent");
    assert_eq!(ids(2).await, [worst_id, older_id]);
    let page = store.to_review(1).await.unwrap();
    assert_eq!(page, [worst.session.summary()]);
    assert_eq!(page[0].undecided, Undecided { urgency: 4 * GRAVER + 64, count: 1, worst: Some(Severity::Critical) });

    let decide = |stored: &Stored, decision| {
        let key = stored.session.proctoring.as_ref().unwrap().violations[0].key;
        step(stored, &Command::ReviewViolation { violation: key, review: review(decision) }, START)
    };
    store.save(&decide(&worst, Decision::Confirmed)).await.unwrap();
    store.save(&decide(&one, Decision::Escalated)).await.unwrap();
    store.save(&decide(&many, Decision::Dismissed)).await.unwrap();
    assert_eq!(ids(10).await, [older_id, one_id, many_id], "5 of them are left, and one is escalated");
    store.delete(many_id).await.unwrap();
    assert_eq!(ids(10).await, [older_id, one_id]);
}
