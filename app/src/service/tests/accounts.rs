use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    service::accounts::{Accounts, Bootstrap},
};

const EMAIL: &str = "boss@example.org";
const PASSWORD: &str = "correct horse";

fn named() -> Bootstrap {
    Bootstrap {
        admin_email: Some(format!(" {} ", EMAIL.to_uppercase())),
        admin_password: Some(PASSWORD.into()),
        api_key: Some("pi_from_outside".into()),
    }
}

fn kind<T: std::fmt::Debug>(result: Result<T, AppError>) -> ErrorKind {
    result.unwrap_err().kind
}

async fn attempt(accounts: &Accounts, address: &str, email: &str) -> ErrorKind {
    kind(accounts.login(address, email, "wrong").await)
}

#[tokio::test]
async fn an_empty_store_gets_one_admin_and_one_key() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    let made = accounts.bootstrap(Bootstrap::default()).await.unwrap();
    let (email, password) = made.admin.clone().unwrap();
    let password = password.unwrap();
    let key = made.api_key.unwrap();
    accounts.check_key(&key, "address").await.unwrap();
    accounts.login("address", &email, &password).await.unwrap();
    let kept = format!("{:?}", world.store.records());
    assert!(!kept.contains(&key) && !kept.contains(&password), "only hashes are kept");

    let other = world.worker().await.accounts.clone();
    assert_eq!(other.bootstrap(Bootstrap::default()).await.unwrap(), Default::default(), "once");
}

#[tokio::test]
async fn what_the_environment_names_is_made_beside_what_is_there() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    let first = accounts.bootstrap(Bootstrap::default()).await.unwrap();
    let made = accounts.bootstrap(named()).await.unwrap();
    assert_eq!((made.admin, made.api_key), (Some((EMAIL.to_owned(), None)), None));
    for key in ["pi_from_outside", &first.api_key.unwrap()] {
        accounts.check_key(key, "address").await.unwrap();
    }
    accounts.login("address", EMAIL, PASSWORD).await.unwrap();
    let other_password = Bootstrap { admin_password: Some("another one".into()), ..named() };
    assert_eq!(accounts.bootstrap(other_password).await.unwrap().admin, None, "an admin who is there is left alone");
    accounts.login("address", EMAIL, PASSWORD).await.unwrap();
    let short = Bootstrap { admin_password: Some("short".into()), ..named() };
    assert_eq!(kind(accounts.bootstrap(short).await), ErrorKind::BadRequest);
}

#[tokio::test]
async fn a_login_lasts_twelve_hours_or_until_logout() {
    let world = World::shared();
    let (accounts, other) = (world.worker().await.accounts.clone(), world.worker().await.accounts.clone());
    accounts.bootstrap(named()).await.unwrap();
    let token = accounts.login("address", "Boss@Example.org", PASSWORD).await.unwrap();
    assert_eq!(other.admin(&token).await.unwrap().unwrap().email, EMAIL, "on every worker");
    assert_eq!(accounts.admin("guess").await.unwrap(), None);
    world.clock.advance_s(12 * 3600 - 1);
    assert!(accounts.admin(&token).await.unwrap().is_some());
    world.clock.advance_s(1);
    assert_eq!(accounts.admin(&token).await.unwrap(), None);

    let token = accounts.login("address", EMAIL, PASSWORD).await.unwrap();
    other.logout(&token).await.unwrap();
    assert_eq!(accounts.admin(&token).await.unwrap(), None);
}

#[tokio::test]
async fn attempts_on_an_account_are_limited_from_all_addresses() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    accounts.bootstrap(named()).await.unwrap();
    for number in 0..10 {
        assert_eq!(attempt(&accounts, &format!("address {number}"), EMAIL).await, ErrorKind::Unauthorized);
    }
    let error = accounts.login("another", EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyRequests);
    assert!((1..=30).contains(&error.retry_after_s.unwrap()), "{error:?}");
    assert_eq!(attempt(&accounts, "another", "nobody@example.org").await, ErrorKind::Unauthorized);
}

#[tokio::test]
async fn attempts_from_an_address_are_limited_on_all_accounts() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    for number in 0..30 {
        assert_eq!(attempt(&accounts, "address", &format!("{number}@example.org")).await, ErrorKind::Unauthorized);
    }
    assert_eq!(attempt(&accounts, "address", "x@example.org").await, ErrorKind::TooManyRequests);
    assert_eq!(kind(accounts.use_login_link("address", "guess").await), ErrorKind::TooManyRequests);
    assert_eq!(attempt(&accounts, "elsewhere", "x@example.org").await, ErrorKind::Unauthorized);
}

#[tokio::test]
async fn wrong_keys_are_limited_and_good_ones_are_not() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    accounts.bootstrap(named()).await.unwrap();
    for _ in 0..60 {
        assert_eq!(kind(accounts.check_key("pi_guess", "address").await), ErrorKind::Unauthorized);
    }
    assert_eq!(kind(accounts.check_key("pi_guess", "address").await), ErrorKind::TooManyRequests);
    assert_eq!(kind(accounts.check_key("pi_guess", "elsewhere").await), ErrorKind::Unauthorized);
    for _ in 0..100 {
        accounts.check_key("pi_from_outside", "address").await.unwrap();
    }
    world.store.be_unavailable(1);
    accounts.check_key("pi_from_outside", "address").await.unwrap();
    assert_eq!(
        kind(accounts.check_key("pi_guess", "elsewhere").await),
        ErrorKind::Unavailable,
        "it was not asked before"
    );
}

#[tokio::test]
async fn of_many_who_use_a_login_link_one_gets_in() {
    let world = World::shared();
    let workers = [world.worker().await.accounts.clone(), world.worker().await.accounts.clone()];
    let link = workers[0].login_link(Some(EMAIL)).await.unwrap();
    let tries = join_all((0..16).map(|number| workers[number % 2].use_login_link("address", &link))).await;
    let tokens: Vec<_> = tries.into_iter().filter_map(Result::ok).collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(workers[0].admin(&tokens[0]).await.unwrap().unwrap().email, EMAIL);
}

#[tokio::test]
async fn a_login_link_is_good_for_an_hour() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    let (fresh, old) = (accounts.login_link(None).await.unwrap(), accounts.login_link(None).await.unwrap());
    world.clock.advance_s(3599);
    accounts.use_login_link("address", &fresh).await.unwrap();
    world.clock.advance_s(1);
    assert_eq!(kind(accounts.use_login_link("address", &old).await), ErrorKind::Unauthorized);
}
