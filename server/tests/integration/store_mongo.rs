//! What holds for MongoDB alone.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use app::ports::{SessionStore, StoreError};
use server::store::MongoStore;

use crate::support::clock::TestClock;

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
