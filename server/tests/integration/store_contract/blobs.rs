//! Pictures and logs: kept as they are, by session and name.

use std::sync::Arc;

use app::model::SessionId;
use futures::future::join_all;
use uuid::Uuid;

use crate::support::{backend::Backend, clock::TestClock};

fn session() -> SessionId {
    SessionId(Uuid::new_v4())
}

pub async fn come_back_as_they_were(backend: &Backend) {
    let id = session();
    let blobs = backend.open(TestClock::new()).await.blobs;
    let large: Vec<u8> = (0..=255).cycle().take(900_000).collect();
    assert!(blobs.put_new(id, "log/0001", &large).await.unwrap());
    assert!(blobs.put_new(id, "log/0002", &[]).await.unwrap());
    assert!(!blobs.put_new(id, "log/0001", b"other").await.unwrap(), "the name is taken");
    assert_eq!(blobs.get(id, "log/0001").await.unwrap(), Some(large));
    assert_eq!(blobs.get(id, "log/0002").await.unwrap(), Some(vec![]));
    assert_eq!(blobs.get(id, "log/0003").await.unwrap(), None);
}

pub async fn one_put_stays(backend: &Backend) {
    let id = session();
    let blobs = backend.open(TestClock::new()).await.blobs;
    let callers = (0..16_u8).map(|caller| {
        let blobs = Arc::clone(&blobs);
        tokio::spawn(async move { blobs.put_new(id, "log/0001", &[caller]).await.unwrap() })
    });
    let added: Vec<bool> = join_all(callers).await.into_iter().map(|caller| caller.unwrap()).collect();
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
    let winner = added.iter().position(|added| *added).unwrap() as u8;
    assert_eq!(blobs.get(id, "log/0001").await.unwrap(), Some(vec![winner]));
}

pub async fn sessions_are_apart(backend: &Backend) {
    let (one, other) = (session(), session());
    let blobs = backend.open(TestClock::new()).await.blobs;
    for name in ["still/2", "log/0001", "still/10", "still/1"] {
        blobs.put_new(one, name, name.as_bytes()).await.unwrap();
    }
    blobs.put_new(other, "still/1", b"other").await.unwrap();
    assert_eq!(blobs.names(one, "still/").await.unwrap(), ["still/1", "still/10", "still/2"]);
    assert_eq!(blobs.names(one, "").await.unwrap().len(), 4);
    assert_eq!(blobs.names(one, "%").await.unwrap().len(), 0);
    blobs.erase(one).await.unwrap();
    blobs.erase(one).await.unwrap();
    assert_eq!(blobs.names(one, "").await.unwrap().len(), 0);
    assert_eq!(blobs.get(one, "log/0001").await.unwrap(), None);
    assert_eq!(blobs.get(other, "still/1").await.unwrap().as_deref(), Some(b"other".as_slice()));
}
