//! What holds for MongoDB alone.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use app::{
    interview::Command,
    model::Status,
    ports::{RecordKind, SessionStore, StoreError},
};
use mongodb::bson::{Document, doc};
use server::store::MongoStore;

use crate::{
    store_contract::add_ones,
    support::{
        backend::Backend,
        build::{full_session, new_session, step},
        clock::{START, TestClock},
    },
};

async fn is_unavailable_soon(uri: &str) {
    let began = Instant::now();
    match MongoStore::connect(uri, "test", TestClock::new()).await {
        Err(StoreError::Unavailable(_)) => {}
        Err(other) => panic!("{other}"),
        Ok(store) => panic!("there is no server, but a store; exclusive: {}", store.is_exclusive()),
    }
    assert!(began.elapsed() < Duration::from_secs(8), "took {:?}", began.elapsed());
}

#[tokio::test]
async fn a_server_that_is_down_is_unavailable_soon() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    is_unavailable_soon(&format!("mongodb://{free}")).await;
}

#[tokio::test]
async fn a_server_that_keeps_silent_is_unavailable_soon() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    is_unavailable_soon(&format!("mongodb://{}", silent.local_addr().unwrap())).await;
}

#[tokio::test]
async fn an_address_that_is_none_is_a_failure() {
    let result = MongoStore::connect("http://example.org", "test", TestClock::new()).await;
    assert!(matches!(result, Err(StoreError::Failed(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn savers_in_two_workers_lose_no_update() {
    let backend = Backend::mongo();
    let workers = [backend.open(TestClock::new()).await.sessions, backend.open(TestClock::new()).await.sessions];
    add_ones(&workers).await;
    backend.remove().await;
}

/// Where a saver claims its version before it writes, one that dies in between must not block the session for good.
#[tokio::test]
async fn a_session_whose_saver_died_can_be_saved_again() {
    let backend = Backend::mongo();
    let store = backend.open(TestClock::new()).await.sessions;
    let first = new_session("Ada", START);
    store.insert(&first).await.unwrap();
    let claims = backend.mongo_database().await.collection::<Document>("claims");
    claims.insert_one(doc! { "_id": format!("{}:2", first.session.id) }).await.unwrap();

    let second = step(&first, &Command::GiveConsent, START);
    let began = Instant::now();
    while let Err(error) = store.save(&second).await {
        assert!(matches!(error, StoreError::Conflict), "{error}");
        assert!(began.elapsed() < Duration::from_secs(10), "the claim is never lifted");
    }
    assert_eq!(store.load(first.session.id).await.unwrap(), Some(second));
    backend.remove().await;
}

/// The same for whoever compares and writes a record.
#[tokio::test]
async fn a_record_whose_replacer_died_can_be_replaced_again() {
    let backend = Backend::mongo();
    let records = backend.open(TestClock::new()).await.records;
    records.put(RecordKind::Job, "key", "one", None).await.unwrap();
    let claims = backend.mongo_database().await.collection::<Document>("claims");
    claims.insert_one(doc! { "_id": "record job:key" }).await.unwrap();

    let began = Instant::now();
    assert!(records.replace(RecordKind::Job, "key", "one", "two", None).await.unwrap());
    assert!(began.elapsed() < Duration::from_secs(10), "took {:?}", began.elapsed());
    assert_eq!(records.get(RecordKind::Job, "key").await.unwrap().as_deref(), Some("two"));
    backend.remove().await;
}

#[tokio::test]
async fn completed_interviews_that_do_not_say_whether_there_is_work_are_outdated() {
    let backend = Backend::mongo();
    let store = backend.open(TestClock::new()).await.sessions;
    let made: Vec<_> = ["Old", "New", "Not over"].map(|name| full_session(name, START)).into();
    for (number, stored) in made.iter().enumerate() {
        let mut stored = stored.clone();
        if number < 2 {
            stored.session.status = Status::Completed;
        }
        store.insert(&stored).await.unwrap();
    }
    assert_eq!(store.outdated(9).await.unwrap(), []);
    let sessions = backend.mongo_database().await.collection::<Document>("sessions");
    for old in [&made[0], &made[2]] {
        let id = doc! { "_id": old.session.id.to_string() };
        sessions.update_one(id, doc! { "$unset": { "needs_work": "" } }).await.unwrap();
    }
    assert_eq!(store.outdated(9).await.unwrap(), [made[0].session.id]);
    let old = store.load(made[0].session.id).await.unwrap().unwrap();
    store.save(&app::ports::Stored { version: old.version + 1, ..old }).await.unwrap();
    assert_eq!(store.outdated(9).await.unwrap(), []);
    drop(store);
    backend.remove().await;
}
