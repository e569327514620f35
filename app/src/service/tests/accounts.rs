use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    service::accounts::{Accounts, Bootstrap},
};

const EMAIL: &str = "boss@example.org";
const PASSWORD: &str = "correct horse";
const KEY: &str = "pi_key_from_the_environment";

fn named() -> Bootstrap {
    Bootstrap {
        admin_email: Some(format!(" {} ", EMAIL.to_uppercase())),
        admin_password: Some(PASSWORD.into()),
        api_key: Some(KEY.into()),
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
async fn what_the_environment_names_takes_the_place_of_what_was_there() {
    let world = World::shared();
    let (accounts, other) = (world.worker().await.accounts.clone(), world.worker().await.accounts.clone());
    let first = accounts.bootstrap(Bootstrap::default()).await.unwrap();
    let (old_email, old_password) = first.admin.unwrap();
    let (old_password, old_key) = (old_password.unwrap(), first.api_key.unwrap());
    let login = other.login("address", &old_email, &old_password).await.unwrap();
    let link = other.login_link().await.unwrap().unwrap();
    let made = accounts.bootstrap(named()).await.unwrap();
    assert_eq!((made.admin, made.api_key), (Some((EMAIL.to_owned(), None)), None));
    accounts.check_key(KEY, "address").await.unwrap();
    accounts.login("address", EMAIL, PASSWORD).await.unwrap();
    assert_eq!(kind(other.check_key(&old_key, "address").await), ErrorKind::Unauthorized);
    assert_eq!(kind(other.login("address", &old_email, &old_password).await), ErrorKind::Unauthorized);
    assert_eq!(other.admin(&login).await.unwrap(), None);
    assert_eq!(kind(other.use_login_link("address", &link).await), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn what_the_environment_does_not_name_stays() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    accounts.bootstrap(named()).await.unwrap();
    let login = accounts.login("address", EMAIL, PASSWORD).await.unwrap();
    let only_email = Bootstrap { admin_email: Some(EMAIL.into()), ..Default::default() };
    for wish in [named(), only_email, Bootstrap::default()] {
        let other = world.worker().await.accounts.clone();
        assert_eq!(other.bootstrap(wish).await.unwrap(), Default::default());
        other.check_key(KEY, "address").await.unwrap();
        other.login("address", EMAIL, PASSWORD).await.unwrap();
        assert_eq!(other.admin(&login).await.unwrap().unwrap().email, EMAIL);
    }
}

#[tokio::test]
async fn another_password_ends_the_logins_of_the_former_one() {
    let world = World::shared();
    let workers = [world.worker().await.accounts.clone(), world.worker().await.accounts.clone()];
    workers[0].bootstrap(named()).await.unwrap();
    let old = workers[0].login("address", EMAIL, PASSWORD).await.unwrap();
    let link = workers[0].login_link().await.unwrap().unwrap();
    let another = || Bootstrap { admin_password: Some("another one".into()), ..named() };
    let made = join_all((0..8).map(|number| workers[number % 2].bootstrap(another()))).await;
    assert!(made.into_iter().all(|made| made.unwrap() == Default::default()));
    assert_eq!(workers[1].admin(&old).await.unwrap(), None);
    assert_eq!(kind(workers[1].use_login_link("address", &link).await), ErrorKind::Unauthorized);
    assert_eq!(kind(workers[1].login("address", EMAIL, PASSWORD).await), ErrorKind::Unauthorized);
    let new = workers[1].login("address", EMAIL, "another one").await.unwrap();
    // The last of the servers starts with it.
    workers[0].bootstrap(another()).await.unwrap();
    assert!(workers[0].admin(&new).await.unwrap().is_some());
    // One that was not told yet puts the former one back, and the next that was told takes it away again.
    workers[1].bootstrap(named()).await.unwrap();
    workers[0].bootstrap(another()).await.unwrap();
    assert_eq!(kind(workers[0].login("address", EMAIL, PASSWORD).await), ErrorKind::Unauthorized);
    for token in [old, new] {
        assert_eq!(workers[0].admin(&token).await.unwrap(), None, "of a record that is gone");
    }
}

#[tokio::test]
async fn a_former_key_stops_working_on_workers_that_go_on() {
    let world = World::shared();
    let (accounts, other) = (world.worker().await.accounts.clone(), world.worker().await.accounts.clone());
    accounts.bootstrap(named()).await.unwrap();
    other.check_key(KEY, "address").await.unwrap();
    let another = "pi_another_key_of_the_environment";
    accounts.bootstrap(Bootstrap { api_key: Some(another.into()), ..named() }).await.unwrap();
    assert_eq!(kind(accounts.check_key(KEY, "address").await), ErrorKind::Unauthorized);
    other.check_key(another, "address").await.unwrap();
    world.clock.advance_s(30);
    assert_eq!(kind(other.check_key(KEY, "address").await), ErrorKind::Unauthorized);
    other.check_key(another, "address").await.unwrap();
    // Both, so that whoever has the former one need not change it in the same moment.
    let both = format!("pi_a_third_key_of_the_environment, {another}");
    accounts.bootstrap(Bootstrap { api_key: Some(both), ..named() }).await.unwrap();
    for key in ["pi_a_third_key_of_the_environment", another] {
        accounts.check_key(key, "address").await.unwrap();
    }
}

#[tokio::test]
async fn secrets_that_can_be_guessed_are_refused_and_change_nothing() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    let password = Bootstrap { admin_password: Some("short".into()), ..named() };
    let key = Bootstrap { api_key: Some("k".repeat(19)), ..named() };
    for (wish, variable) in [(password, "ADMIN_PASSWORD"), (key, "API_KEY")] {
        let error = accounts.bootstrap(wish).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadRequest);
        assert!(error.detail.starts_with(variable), "{}", error.detail);
    }
    accounts.bootstrap(Bootstrap { api_key: Some("k".repeat(20)), ..Bootstrap::default() }).await.unwrap();
    assert_eq!(kind(accounts.login("address", EMAIL, PASSWORD).await), ErrorKind::Unauthorized);
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
        accounts.check_key(KEY, "address").await.unwrap();
    }
    world.clock.advance_s(3600);
    world.store.be_unavailable(2);
    accounts.check_key(KEY, "address").await.unwrap();
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
    assert_eq!(workers[0].login_link().await.unwrap(), None, "there is nobody yet");
    workers[0].bootstrap(named()).await.unwrap();
    let link = workers[0].login_link().await.unwrap().unwrap();
    let tries = join_all((0..16).map(|number| workers[number % 2].use_login_link("address", &link))).await;
    let tokens: Vec<_> = tries.into_iter().filter_map(Result::ok).collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(workers[0].admin(&tokens[0]).await.unwrap().unwrap().email, EMAIL);
}

#[tokio::test]
async fn a_login_link_is_good_for_an_hour() {
    let world = World::shared();
    let accounts = world.worker().await.accounts.clone();
    accounts.bootstrap(named()).await.unwrap();
    let link = async || accounts.login_link().await.unwrap().unwrap();
    let (fresh, old) = (link().await, link().await);
    world.clock.advance_s(3599);
    accounts.use_login_link("address", &fresh).await.unwrap();
    world.clock.advance_s(1);
    assert_eq!(kind(accounts.use_login_link("address", &old).await), ErrorKind::Unauthorized);
}
