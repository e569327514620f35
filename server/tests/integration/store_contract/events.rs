//! Events reach the collection once, in order, whatever happens in between.

use app::{
    interview::Command,
    model::{Actor, Recorded, SessionId},
    ports::{Stored, Written},
};

use uuid::Uuid;

use crate::support::{
    backend::{Backend, Stores},
    build::{full_session, new_session, step},
    clock::{START, TestClock},
};

fn with_id(stored: &Stored) -> Vec<(SessionId, Recorded)> {
    stored.pending.iter().map(|event| (stored.session.id, event.clone())).collect()
}

pub async fn publishing_twice_is_publishing_once(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let (one, other) = (full_session("One", START), new_session("Other", START));
    store.insert(&one).await.unwrap();
    store.insert(&other).await.unwrap();

    let half: Vec<_> = with_id(&one).into_iter().take(3).collect();
    store.publish(&half).await.unwrap();
    let mut mixed: Vec<_> = with_id(&one).into_iter().rev().collect();
    mixed.extend(with_id(&other));
    store.publish(&mixed).await.unwrap();
    store.publish(&mixed).await.unwrap();
    store.publish(&[]).await.unwrap();

    assert_eq!(store.events(one.session.id).await.unwrap(), one.pending, "in order, each once");
    assert_eq!(store.events(other.session.id).await.unwrap(), other.pending);
}

pub async fn come_in_parts(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let (one, other) = (full_session("One", START), new_session("Other", START));
    for stored in [&one, &other] {
        store.insert(stored).await.unwrap();
        store.publish(&with_id(stored)).await.unwrap();
    }
    let (id, all) = (one.session.id, &one.pending);
    let last = all.len() as u64;
    for (after, limit) in [(0, 3), (2, 1), (last - 3, 3), (last - 2, 200), (0, 200)] {
        let expected: Vec<_> = all.iter().filter(|event| event.seq > after).take(limit).cloned().collect();
        assert_eq!(store.events_after(id, after, limit as u32).await.unwrap(), expected, "{limit} after {after}");
    }
    for after in [last, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(store.events_after(id, after, 200).await.unwrap(), []);
    }
    assert_eq!(store.events_after(SessionId(Uuid::new_v4()), 0, 200).await.unwrap(), []);
}

/// The process dies after the write and before publishing: whoever loads the session next can finish the work.
pub async fn a_crash_before_publishing_is_healed(backend: &Backend) {
    let first = new_session("Ada", START);
    let id = first.session.id;
    let written = write(backend, |stores| async move { stores.sessions.insert(&first).await }).await;
    let found = heal(backend, id, written).await;

    let second = step(&found, &Command::Start { by: Actor::Api }, START);
    let written = write(backend, |stores| async move { stores.sessions.save(&second).await }).await;
    let found = heal(backend, id, written).await;
    assert_eq!(found.version, 2);
}

/// Opens the store, writes, and lets go of it without publishing.
async fn write<F>(backend: &Backend, act: impl FnOnce(Stores) -> F) -> Written
where
    F: Future<Output = Result<Written, app::ports::StoreError>>,
{
    act(backend.open(TestClock::new()).await).await.expect("a write")
}

/// Opens the store anew, publishes what is pending, and checks that the history is whole.
async fn heal(backend: &Backend, id: SessionId, written: Written) -> Stored {
    let store = backend.open(TestClock::new()).await.sessions;
    let found = store.load(id).await.unwrap().expect("an acknowledged write is there");
    match written {
        Written::WithEvents => assert_eq!(found.pending, []),
        Written::EventsPending => assert!(!found.pending.is_empty()),
    }
    store.publish(&with_id(&found)).await.unwrap();
    store.publish(&with_id(&found)).await.unwrap();
    let seqs: Vec<u64> = store.events(id).await.unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=found.session.seq).collect::<Vec<_>>());
    found
}
