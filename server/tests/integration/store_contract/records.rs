//! Small records: the first put stands, one taker gets it, time takes the rest.

use std::sync::Arc;

use app::ports::RecordKind::{AdminSession, ApiKey, Draft, Idempotency, LoginLink, Secret, Worker};
use futures::future::join_all;

use crate::support::{
    backend::Backend,
    clock::{START, TestClock},
};

pub async fn first_put_wins(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    for round in 0..8 {
        let callers = (0..16).map(|caller| {
            let records = Arc::clone(&records);
            tokio::spawn(async move {
                records.put_new(Secret, &format!("key {round}"), &format!("of {caller}"), None).await.unwrap()
            })
        });
        let seen: Vec<String> = join_all(callers).await.into_iter().map(|caller| caller.unwrap()).collect();
        assert!(seen.iter().all(|value| *value == seen[0]), "{seen:?}");
        assert_eq!(records.get(Secret, &format!("key {round}")).await.unwrap().as_ref(), Some(&seen[0]));
    }
}

pub async fn put_replaces(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    let soon = Some(START.plus_seconds(60));
    records.put(Draft, "key", "one", None).await.unwrap();
    assert_eq!(records.get(Draft, "key").await.unwrap().as_deref(), Some("one"));
    records.put(Draft, "key", "two", soon).await.unwrap();
    records.put(Draft, "other", "kept", None).await.unwrap();
    assert_eq!(records.get(Draft, "key").await.unwrap().as_deref(), Some("two"));
    assert_eq!(records.get(Worker, "key").await.unwrap(), None, "kinds are apart");
    assert_eq!(records.put_new(Draft, "key", "three", None).await.unwrap(), "two");

    clock.advance_s(60);
    assert_eq!(records.get(Draft, "key").await.unwrap(), None, "it expired");
    records.put(Draft, "key", "{\"a.b\":\"$c\\u0000\"}", Some(START.plus_seconds(120))).await.unwrap();
    assert_eq!(records.get(Draft, "key").await.unwrap().as_deref(), Some("{\"a.b\":\"$c\\u0000\"}"));
    records.put(Draft, "key", "for ever", None).await.unwrap();
    clock.advance_s(1_000_000);
    assert_eq!(records.take(Draft, "key").await.unwrap().as_deref(), Some("for ever"), "no expiry is left over");
    assert_eq!(records.get(Draft, "key").await.unwrap(), None);
    records.put(Draft, "key", "again", None).await.unwrap();
    assert_eq!(records.get(Draft, "key").await.unwrap().as_deref(), Some("again"));
    assert_eq!(records.get(Draft, "other").await.unwrap().as_deref(), Some("kept"));
}

pub async fn one_put_stays(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    for round in 0..8 {
        let key = format!("key {round}");
        let callers = (0..16).map(|caller| {
            let (records, key) = (Arc::clone(&records), key.clone());
            tokio::spawn(async move { records.put(Draft, &key, &format!("of {caller}"), None).await.unwrap() })
        });
        for caller in join_all(callers).await {
            caller.expect("every put succeeds");
        }
        let kept = records.take(Draft, &key).await.unwrap().expect("one of them");
        assert!((0..16).any(|caller| kept == format!("of {caller}")), "{kept}");
        assert_eq!(records.take(Draft, &key).await.unwrap(), None, "and no other");
    }
}

pub async fn one_taker_gets_it(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    for round in 0..8 {
        let key = format!("key {round}");
        records.put_new(LoginLink, &key, "value", None).await.unwrap();
        let callers = (0..16).map(|_| {
            let (records, key) = (Arc::clone(&records), key.clone());
            tokio::spawn(async move { records.take(LoginLink, &key).await.unwrap() })
        });
        let taken: Vec<String> = join_all(callers).await.into_iter().filter_map(|caller| caller.unwrap()).collect();
        assert_eq!(taken, ["value"]);
        assert_eq!(records.get(LoginLink, &key).await.unwrap(), None);
    }
}

pub async fn expired_is_gone(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    let soon = Some(START.plus_seconds(60));
    for key in ["read", "taken", "replaced"] {
        assert_eq!(records.put_new(AdminSession, key, "old", soon).await.unwrap(), "old");
    }
    clock.advance_ms(59_999);
    assert_eq!(records.get(AdminSession, "read").await.unwrap().as_deref(), Some("old"));
    assert_eq!(records.put_new(AdminSession, "replaced", "new", None).await.unwrap(), "old", "still good");
    assert!(records.any(AdminSession).await.unwrap());

    clock.advance_ms(1);
    assert_eq!(records.get(AdminSession, "read").await.unwrap(), None);
    assert!(!records.any(AdminSession).await.unwrap());
    assert_eq!(records.take(AdminSession, "taken").await.unwrap(), None);
    assert_eq!(records.put_new(AdminSession, "replaced", "new", None).await.unwrap(), "new");
    assert_eq!(records.get(AdminSession, "replaced").await.unwrap().as_deref(), Some("new"));

    clock.advance_ms(1_000_000_000);
    assert_eq!(records.put_new(AdminSession, "replaced", "newer", None).await.unwrap(), "new", "this one stays");
    assert!(records.any(AdminSession).await.unwrap());
}

pub async fn kinds_are_apart(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    records.put_new(ApiKey, "same:key.$", "{\"a.b\":\"$c\"}", None).await.unwrap();
    assert_eq!(records.get(Idempotency, "same:key.$").await.unwrap(), None);
    assert!(!records.any(Idempotency).await.unwrap());
    assert!(records.any(ApiKey).await.unwrap());
    records.put_new(Idempotency, "same:key.$", "other", None).await.unwrap();
    assert_eq!(records.take(Idempotency, "same:key.$").await.unwrap().as_deref(), Some("other"));
    assert_eq!(records.take(Idempotency, "same:key.$").await.unwrap(), None);
    assert_eq!(records.take(Idempotency, "nothing").await.unwrap(), None);
    assert_eq!(records.get(ApiKey, "same:key.$").await.unwrap().as_deref(), Some("{\"a.b\":\"$c\"}"));
}

pub async fn a_range_is_in_order(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    for key in ["b/2", "a/1", "b/10", "b0", "b/1", "c/1", "b"] {
        records.put_new(Draft, key, &format!("of {key}"), None).await.unwrap();
    }
    records.put_new(Draft, "b/0", "expired", Some(START.plus_seconds(1))).await.unwrap();
    records.put_new(ApiKey, "b/3", "of another kind", None).await.unwrap();
    clock.advance_ms(1_000);
    let found = records.between(Draft, "b/", "b0", 9).await.unwrap();
    let wanted = ["b/1", "b/10", "b/2"].map(|key| (key.to_owned(), format!("of {key}")));
    assert_eq!(found, wanted);
    assert_eq!(records.between(Draft, "b/", "b0", 2).await.unwrap(), wanted[..2]);
    assert_eq!(records.between(Draft, "b/10", "b/2", 9).await.unwrap(), wanted[1..2], "from is in it, to is not");
    assert_eq!(records.between(Draft, "", "~", 99).await.unwrap().len(), 7);
}
