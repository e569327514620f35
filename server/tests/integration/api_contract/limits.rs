//! 429: rate limits, kept apart from other tests by addresses of their own. No store matters here, so one is enough.

use futures::future::join_all;

use crate::support::{
    app::{ADMIN_EMAIL, ADMIN_PASSWORD, BASE, TestApp},
    backend::Backend,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_keys_from_one_address_are_limited() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let path = format!("{BASE}/stats");
    let (guesser, bystander) = (app.with_key("pi_guess").at_address("203.0.113.7"), "203.0.113.8");
    let replies = join_all((0..100).map(|_| guesser.get(&path))).await;
    let limited = replies.iter().filter(|reply| reply.status == 429).count();
    assert!((20..=45).contains(&limited), "{limited} of 100 were limited");
    for reply in &replies {
        reply.problem(if reply.status == 429 { 429 } else { 401 });
    }
    app.with_key("pi_guess").at_address(bystander).get(&path).await.problem(401);
    app.api().at_address("203.0.113.7").get(&path).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn login_attempts_on_one_account_are_limited() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let attempt = async |number: usize, email: &str| {
        // Each from another address.
        let client = app.anonymous().at_address(&format!("203.0.113.{number}"));
        client.rpc("login", &[("email", email), ("password", "wrong")]).await
    };
    for number in 0..10 {
        attempt(number, ADMIN_EMAIL).await.rpc_error(401);
    }
    let reply = attempt(10, &ADMIN_EMAIL.to_uppercase()).await;
    reply.rpc_error(429);
    let seconds: u32 = reply.header("retry-after").parse().expect("seconds");
    assert!((1..=30).contains(&seconds), "{seconds}");
    attempt(11, "another@example.org").await.rpc_error(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn login_attempts_from_one_address_are_limited() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let client = app.anonymous().at_address("203.0.113.9");
    for number in 0..30 {
        let email = format!("nobody{number}@example.org");
        client.rpc("login", &[("email", &email), ("password", "wrong")]).await.rpc_error(401);
    }
    let good = [("email", ADMIN_EMAIL), ("password", ADMIN_PASSWORD)];
    let reply = client.rpc("login", &good).await;
    reply.rpc_error(429);
    assert!(reply.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=10).contains(&seconds)));
    let reply = client.get("/admin/enter?token=guess").await;
    assert_eq!(reply.header("set-cookie"), "");
    assert_eq!(app.anonymous().at_address("203.0.113.10").rpc("login", &good).await.status, 200);
}
