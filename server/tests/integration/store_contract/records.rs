//! Small records: the first put stands, one taker gets it, time takes the rest.

use std::sync::Arc;

use app::ports::{
    Order,
    RecordKind::{AdminSession, ApiKey, Draft, Idempotency, Invitations, Job, LoginLink, Secret, Worker},
};
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

pub async fn replace_compares(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    assert!(!records.replace(Job, "key", "one", "two", None).await.unwrap(), "there is none");
    assert_eq!(records.get(Job, "key").await.unwrap(), None);
    records.put(Job, "key", "{\"a.b\":\"$c\"}", None).await.unwrap();
    records.put(Draft, "key", "{\"a.b\":\"$c\"}", None).await.unwrap();
    assert!(!records.replace(Job, "key", "{}", "two", None).await.unwrap(), "something else is there");
    let soon = Some(START.plus_seconds(60));
    assert!(records.replace(Job, "key", "{\"a.b\":\"$c\"}", "$two", soon).await.unwrap());
    assert!(!records.replace(Job, "key", "{\"a.b\":\"$c\"}", "three", None).await.unwrap(), "it was replaced");
    assert_eq!(records.get(Job, "key").await.unwrap().as_deref(), Some("$two"));
    assert_eq!(records.get(Draft, "key").await.unwrap().as_deref(), Some("{\"a.b\":\"$c\"}"), "kinds are apart");
    assert!(records.replace(Job, "key", "$two", "$two", soon).await.unwrap(), "by the same");

    clock.advance_s(60);
    assert!(!records.replace(Job, "key", "$two", "four", None).await.unwrap(), "it expired");
    assert_eq!(records.get(Job, "key").await.unwrap(), None);
    records.put(Job, "key", "five", soon).await.unwrap();
    assert_eq!(records.get(Job, "key").await.unwrap(), None, "expired from the start");
}

pub async fn one_replacer_wins(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    for round in 0..8 {
        let key = format!("key {round}");
        records.put(Job, &key, "first", None).await.unwrap();
        let callers = (0..16).map(|caller| {
            let (records, key) = (Arc::clone(&records), key.clone());
            tokio::spawn(async move {
                let value = format!("of {caller}");
                let won = records.replace(Job, &key, "first", &value, None).await.unwrap();
                won.then_some(value)
            })
        });
        let winners: Vec<String> = join_all(callers).await.into_iter().filter_map(|caller| caller.unwrap()).collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(records.get(Job, &key).await.unwrap().as_ref(), Some(&winners[0]));
    }
}

/// Two workers count on one record, each by reading, adding and replacing.
pub async fn replacers_lose_no_update(backend: &Backend) {
    let workers = match backend {
        // A file has one worker.
        Backend::Sqlite(_) => {
            let records = backend.open(TestClock::new()).await.records;
            [Arc::clone(&records), records]
        }
        Backend::Mongo { .. } => {
            [backend.open(TestClock::new()).await.records, backend.open(TestClock::new()).await.records]
        }
    };
    workers[0].put(Job, "count", "0", None).await.unwrap();
    let callers = (0..8).map(|caller| {
        let records = Arc::clone(&workers[caller % 2]);
        tokio::spawn(async move {
            for _ in 0..4 {
                loop {
                    let kept = records.get(Job, "count").await.unwrap().unwrap();
                    let more = (kept.parse::<u32>().unwrap() + 1).to_string();
                    if records.replace(Job, "count", &kept, &more, None).await.unwrap() {
                        break;
                    }
                }
            }
        })
    });
    for caller in join_all(callers).await {
        caller.unwrap();
    }
    assert_eq!(workers[1].get(Job, "count").await.unwrap().as_deref(), Some("32"));
}

pub async fn gone_stays_gone(backend: &Backend) {
    let records = backend.open(TestClock::new()).await.records;
    for round in 0..8 {
        let key = format!("key {round}");
        records.put(Job, &key, "first", None).await.unwrap();
        let replacers = (0..8).map(|caller| {
            let (records, key) = (Arc::clone(&records), key.clone());
            tokio::spawn(async move { records.replace(Job, &key, "first", &format!("of {caller}"), None).await })
        });
        let taker = {
            let (records, key) = (Arc::clone(&records), key.clone());
            tokio::spawn(async move { records.take(Job, &key).await.unwrap() })
        };
        let (replaced, taken) = futures::join!(join_all(replacers), taker);
        let won = replaced.into_iter().filter(|caller| *caller.as_ref().unwrap().as_ref().unwrap()).count();
        assert!(won <= 1, "{won}");
        assert!(taken.unwrap().is_some(), "it was there until it was taken");
        assert_eq!(records.get(Job, &key).await.unwrap(), None, "nobody brought it back");
    }
}

pub async fn counts_by_kind(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    assert_eq!(records.count(Job).await.unwrap(), 0);
    for number in 0..3 {
        records.put(Job, &format!("key {number}"), "value", None).await.unwrap();
    }
    records.put(Job, "short", "value", Some(START.plus_seconds(1))).await.unwrap();
    records.put(Draft, "key", "value", None).await.unwrap();
    assert_eq!(records.count(Job).await.unwrap(), 4);
    clock.advance_s(1);
    assert_eq!(records.count(Job).await.unwrap(), 3, "what expired is not counted");
    records.take(Job, "key 1").await.unwrap();
    assert_eq!(records.count(Job).await.unwrap(), 2);
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

pub async fn summaries_follow_their_records(backend: &Backend) {
    let clock = TestClock::new();
    let records = backend.open(clock.clone()).await.records;
    let told = |number: u32| format!("{{\"summary\":{{\"a.b\":\"${number}\"}},\"rest\":\"{}\"}}", "x".repeat(10_000));
    let summary = |number: u32| Some(format!("{{\"a.b\":\"${number}\"}}"));
    let shown = async |kind, order, limit, offset| {
        let page = records.summaries(kind, order, limit, offset).await.unwrap();
        (page.summaries, page.total)
    };
    for kind in [Job, Invitations] {
        assert_eq!(shown(kind, Order::Ascending, 9, 0).await, (vec![], 0));
        records.put_new(kind, "b", &told(1), None).await.unwrap();
        records.put(kind, "a", &told(2), None).await.unwrap();
        records.put(kind, "c", "{\"rest\":1}", Some(START.plus_seconds(60))).await.unwrap();
        records.put(kind, "d", "no JSON", Some(START.plus_seconds(1))).await.unwrap();
    }
    records.put(Draft, "e", &told(3), None).await.unwrap();
    clock.advance_ms(1_000);
    let one = |key: &str, summary: Option<String>| (key.to_owned(), summary);
    let all = [one("a", summary(2)), one("b", summary(1)), one("c", None)];
    for kind in [Job, Invitations] {
        assert_eq!(shown(kind, Order::Ascending, 9, 0).await, (all.to_vec(), 3), "what expired is not counted");
        assert_eq!(shown(kind, Order::Ascending, 2, 1).await, (all[1..].to_vec(), 3));
        assert_eq!(shown(kind, Order::Descending, 1, 1).await, (all[1..2].to_vec(), 3));
        assert_eq!(shown(kind, Order::Descending, 1, 3).await, (vec![], 3));
        // However it is written.
        assert!(records.replace(kind, "a", &told(2), &told(4), None).await.unwrap());
        records.put(kind, "b", "{}", None).await.unwrap();
        assert!(records.replace(kind, "c", "{\"rest\":1}", &told(5), None).await.unwrap());
        records.put_new(kind, "d", &told(6), None).await.unwrap();
        let after = [one("a", summary(4)), one("b", None), one("c", summary(5)), one("d", summary(6))];
        assert_eq!(shown(kind, Order::Ascending, 9, 0).await, (after.to_vec(), 4));
        records.take(kind, "a").await.unwrap();
        assert_eq!(shown(kind, Order::Ascending, 9, 0).await, (after[1..].to_vec(), 3));
    }
}
