//! Sessions: what is saved comes back, and of two steps on one version one wins.

use std::{collections::HashMap, sync::Arc};

use app::{
    interview::Command,
    model::{Actor, SessionId, Status},
    ports::{SessionStore, StoreError, Stored},
};
use futures::future::join_all;
use mongodb::bson::{Bson, doc, error::Error, serialize_to_bson, serialize_to_vec};
use uuid::Uuid;

use crate::support::{
    backend::Backend,
    build::{full_session, new_session, step},
    clock::{START, TestClock},
    largest::largest_session,
};

/// What the store holds now; panics when there is no such session.
async fn loaded(store: &Arc<dyn SessionStore>, id: SessionId) -> Stored {
    store.load(id).await.expect("a load").expect("the session is there")
}

pub async fn comes_back_as_saved(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let first = full_session("Ada Lovelace", START);
    store.insert(&first).await.unwrap();
    let found = loaded(&store, first.session.id).await;
    assert_eq!(found.session, first.session);
    assert_eq!(found.version, 1);

    let second = step(&first, &Command::NoteLeft { sid: "PA_x.y$z".into() }, START.plus_seconds(60));
    store.save(&second).await.unwrap();
    let found = loaded(&store, first.session.id).await;
    assert_eq!(found.session, second.session);
    assert_eq!(found.version, 2);

    assert_eq!(store.load(SessionId(Uuid::new_v4())).await.unwrap(), None);
    store.ping().await.unwrap();
}

/// What MongoDB takes as one document, less a little for what stands beside a session and its events.
const DOCUMENT: usize = 16 * 1024 * 1024 - 64 * 1024;

pub async fn keeps_the_largest(backend: &Backend) {
    let largest = largest_session();
    let part = |bson: Result<Bson, Error>| bson.expect("it can be written");
    let (session, pending) = (serialize_to_bson(&largest.session), serialize_to_bson(&largest.pending));
    let document = doc! { "session": part(session), "pending": part(pending) };
    let size = serialize_to_vec(&document).expect("it can be written").len();
    assert!((DOCUMENT / 5 * 4..DOCUMENT).contains(&size), "{size} bytes");
    let store = backend.open(TestClock::new()).await.sessions;
    store.insert(&largest).await.unwrap();
    let found = loaded(&store, largest.session.id).await;
    assert!(found.session == largest.session, "it is not what was kept");
}

pub async fn refuses_a_second_insert(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let first = new_session("First", START);
    store.insert(&first).await.unwrap();
    let mut second = new_session("Second", START);
    second.session.id = first.session.id;
    assert!(matches!(store.insert(&second).await, Err(StoreError::Conflict)));
    assert_eq!(loaded(&store, first.session.id).await.session, first.session);
    assert_eq!(store.counts().await.unwrap().initialized, 1);
}

pub async fn refuses_a_stale_save(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let first = new_session("Ada", START);
    store.insert(&first).await.unwrap();
    let started = step(&first, &Command::Start { by: Actor::Api }, START);
    store.save(&started).await.unwrap();

    let rival = step(&first, &Command::GiveConsent, START);
    assert!(matches!(store.save(&rival).await, Err(StoreError::Conflict)), "made from version 1, which is over");
    assert!(matches!(store.save(&started).await, Err(StoreError::Conflict)), "saved before");
    let ahead = Stored { version: 9, ..rival };
    assert!(matches!(store.save(&ahead).await, Err(StoreError::Conflict)), "made from a version that never was");
    assert_eq!(loaded(&store, first.session.id).await.session, started.session);

    let unknown = step(&new_session("Nobody", START), &Command::GiveConsent, START);
    assert!(matches!(store.save(&unknown).await, Err(StoreError::Conflict)));
    assert_eq!(store.load(unknown.session.id).await.unwrap(), None);
}

/// 64 callers save the same next version, each with something of its own: one succeeds, and that is what is kept.
pub async fn one_saver_wins(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let mut current = new_session("Ada", START);
    store.insert(&current).await.unwrap();
    for round in 0..4 {
        let rivals: Vec<Stored> = (0..64)
            .map(|caller| {
                let mut next = current.clone();
                next.session.violations_count = round * 64 + caller;
                next.version += 1;
                next
            })
            .collect();
        let saves = rivals.iter().cloned().map(|next| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.save(&next).await })
        });
        let results: Vec<_> = join_all(saves).await.into_iter().map(|save| save.expect("no panic")).collect();
        let winners: Vec<usize> = (0..64).filter(|caller| results[*caller].is_ok()).collect();
        assert_eq!(winners.len(), 1, "{winners:?} won version {}", current.version + 1);
        assert!(results.iter().flat_map(|result| result.as_ref().err()).all(|it| matches!(it, StoreError::Conflict)));
        current = rivals[winners[0]].clone();
        assert_eq!(loaded(&store, current.session.id).await.session, current.session);
    }
}

pub async fn loses_no_update(backend: &Backend) {
    add_ones(&[backend.open(TestClock::new()).await.sessions]).await;
}

/// Callers each add 1 to a counter, as a service does: load, decide, save, and again when another was first. They share
/// the workers' stores, which show the same data.
pub async fn add_ones(workers: &[Arc<dyn SessionStore>]) {
    const CALLERS: u32 = 16;
    let first = new_session("Ada", START);
    let id = first.session.id;
    workers[0].insert(&first).await.unwrap();

    let callers = (0..CALLERS as usize).map(|caller| {
        let store = Arc::clone(&workers[caller % workers.len()]);
        tokio::spawn(async move {
            loop {
                let mut next = loaded(&store, id).await;
                next.session.violations_count += 1;
                next.version += 1;
                match store.save(&next).await {
                    Ok(_) => return next.version,
                    Err(StoreError::Conflict) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    let mut versions: Vec<u64> = join_all(callers).await.into_iter().map(|caller| caller.expect("no panic")).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=u64::from(CALLERS) + 1).collect::<Vec<_>>(), "each version has exactly one winner");
    let last = loaded(&workers[0], id).await;
    assert_eq!(last.session.violations_count, CALLERS);
    assert_eq!(last.version, u64::from(CALLERS) + 1);
}

pub async fn delete_leaves_nothing(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let (gone, kept) = (full_session("Gone", START), full_session("Kept", START));
    for stored in [&gone, &kept] {
        store.insert(stored).await.unwrap();
        let events: Vec<_> = stored.pending.iter().map(|event| (stored.session.id, event.clone())).collect();
        store.publish(&events).await.unwrap();
    }
    let saved = step(&gone, &Command::Finish { answer: None }, START.plus_seconds(60));
    store.save(&saved).await.unwrap();

    assert!(store.delete(gone.session.id).await.unwrap());
    assert!(!store.delete(gone.session.id).await.unwrap(), "there is none any more");
    assert_eq!(store.load(gone.session.id).await.unwrap(), None);
    assert_eq!(store.events(gone.session.id).await.unwrap(), []);
    assert_eq!(store.events(kept.session.id).await.unwrap(), kept.pending);
    assert_eq!(loaded(&store, kept.session.id).await.session, kept.session);

    let late = step(&saved, &Command::NoteRoomClosed, START.plus_seconds(61));
    assert!(matches!(store.save(&late).await, Err(StoreError::Conflict)), "a late step must not bring it back");
    assert_eq!(store.load(gone.session.id).await.unwrap(), None);
    store.insert(&gone).await.expect("the id is free again");
    store.save(&saved).await.expect("and its steps start anew");
}

pub async fn unpublish_takes_back(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    let (late, kept) = (full_session("Late", START), full_session("Kept", START));
    for stored in [&late, &kept] {
        let events: Vec<_> = stored.pending.iter().map(|event| (stored.session.id, event.clone())).collect();
        store.publish(&events).await.unwrap();
    }
    store.unpublish(&[]).await.unwrap();
    let events: Vec<_> = late.pending.iter().skip(1).map(|event| (late.session.id, event.seq)).collect();
    store.unpublish(&events).await.unwrap();
    store.unpublish(&events).await.expect("they are gone already");
    assert_eq!(store.events(late.session.id).await.unwrap(), late.pending[..1]);
    assert_eq!(store.events(kept.session.id).await.unwrap(), kept.pending);
}

pub async fn versions_of_those_there(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    assert_eq!(store.versions(&[]).await.unwrap(), []);
    let (one, other, gone) = (new_session("One", START), new_session("Other", START), new_session("Gone", START));
    for stored in [&one, &other, &gone] {
        store.insert(stored).await.unwrap();
    }
    let id = |stored: &Stored| stored.session.id;
    store.save(&step(&other, &Command::GiveConsent, START)).await.unwrap();
    store.delete(id(&gone)).await.unwrap();
    let asked = [id(&gone), id(&other), SessionId(Uuid::new_v4()), id(&one)];
    let mut versions = store.versions(&asked).await.unwrap();
    versions.sort_unstable_by_key(|(_, version)| *version);
    assert_eq!(versions, [(id(&one), 1), (id(&other), 2)]);
    assert_eq!(store.versions(&[id(&gone)]).await.unwrap(), []);
}

pub async fn statuses_of_those_there(backend: &Backend) {
    let store = backend.open(TestClock::new()).await.sessions;
    assert_eq!(store.statuses(&[]).await.unwrap(), []);
    let [new, begun, ended, gone] = ["New", "Begun", "Ended", "Gone"].map(|name| new_session(name, START));
    for stored in [&new, &begun, &ended, &gone] {
        store.insert(stored).await.unwrap();
    }
    let id = |stored: &Stored| stored.session.id;
    store.save(&step(&begun, &Command::Start { by: Actor::Api }, START)).await.unwrap();
    let running = step(&ended, &Command::Start { by: Actor::Api }, START);
    store.save(&running).await.unwrap();
    store.save(&step(&running, &Command::End { by: Actor::Api }, START)).await.unwrap();
    store.delete(id(&gone)).await.unwrap();
    let asked = [id(&gone), id(&ended), SessionId(Uuid::new_v4()), id(&new), id(&begun)];
    let statuses: HashMap<_, _> = store.statuses(&asked).await.unwrap().into_iter().collect();
    let expected = [(id(&new), Status::Initialized), (id(&begun), Status::InProgress), (id(&ended), Status::Completed)];
    assert_eq!(statuses, HashMap::from(expected));
    assert_eq!(store.statuses(&[id(&gone)]).await.unwrap(), []);
}
