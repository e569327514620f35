//! Who may do what: API keys and admins.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::tokens::{hash_token, random_token};
use crate::{
    error::{AppError, ErrorKind},
    model::Admin,
    ports::{Clock, RecordKind, RecordStore, StoreError},
};

/// How long a login lasts.
pub const LOGIN: Duration = Duration::from_secs(12 * 3600);

/// How long a one-time login link can be used.
pub const LOGIN_LINK: Duration = Duration::from_secs(3600);

/// Shortest admin password, in characters (NIST SP 800-63B asks for 8 at least).
pub const MIN_PASSWORD: usize = 8;

/// Password checks at once: each takes 19 MiB and tens of milliseconds.
const PASSWORD_CHECKS: usize = 2;

/// API keys known to be good that a worker remembers.
const KNOWN_KEYS: usize = 1_000;

/// Accounts and credentials.
pub struct Accounts {
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
    known_keys: Cache<String, ()>,
    per_address: DefaultKeyedRateLimiter<String>,
    per_account: DefaultKeyedRateLimiter<String>,
    bad_keys: DefaultKeyedRateLimiter<String>,
    checks: Semaphore,
    /// Compared with when there is no such account, so that the answer takes as long.
    nobody: String,
}

#[derive(Serialize, Deserialize)]
struct AdminRecord {
    email: String,
    /// Argon2id, in PHC format.
    password: String,
}

/// What was made on an empty store. Shown once; only hashes are kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bootstrapped {
    /// The e-mail address, and the password if it was generated.
    pub admin: Option<(String, Option<String>)>,
    pub api_key: Option<String>,
}

/// What the environment says of the first admin and the first API key.
#[derive(Clone, Default)]
pub struct Bootstrap {
    pub admin_email: Option<String>,
    pub admin_password: Option<String>,
    pub api_key: Option<String>,
}

// Secrets must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Bootstrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (admin, api_key) = (self.admin.is_some(), self.api_key.is_some());
        f.debug_struct("Bootstrapped").field("admin", &admin).field("api_key", &api_key).finish()
    }
}

impl std::fmt::Debug for Bootstrap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (password, api_key) = (self.admin_password.is_some(), self.api_key.is_some());
        f.debug_struct("Bootstrap")
            .field("admin_password", &password)
            .field("api_key", &api_key)
            .finish_non_exhaustive()
    }
}

impl Accounts {
    pub(super) fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        let keyed = |burst: u32, each: Duration| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(each).expect("a period is longer than nothing").allow_burst(burst);
            DefaultKeyedRateLimiter::keyed(quota)
        };
        Self {
            records,
            clock,
            known_keys: Cache::new(KNOWN_KEYS),
            per_address: keyed(30, Duration::from_secs(10)),
            per_account: keyed(10, Duration::from_secs(30)),
            bad_keys: keyed(60, Duration::from_secs(1)),
            checks: Semaphore::new(PASSWORD_CHECKS),
            nobody: hash_password(&random_token()),
        }
    }

    /// Makes the first admin and the first API key where there are none, and those that the environment names.
    ///
    /// # Errors
    /// A password that is too short, or the store's.
    pub async fn bootstrap(&self, wish: Bootstrap) -> Result<Bootstrapped, AppError> {
        let mut made = Bootstrapped::default();
        let first_admin = !self.records.any(RecordKind::Admin).await?;
        if first_admin || wish.admin_email.is_some() {
            let email = admin_email(wish.admin_email.as_deref());
            let generated = wish.admin_password.is_none().then(|| random_token()[..20].to_owned());
            let password = wish.admin_password.or_else(|| generated.clone()).unwrap_or_default();
            if password.chars().count() < MIN_PASSWORD {
                return Err(AppError::bad_request(format!("ADMIN_PASSWORD needs {MIN_PASSWORD} characters at least.")));
            }
            if self.records.get(RecordKind::Admin, &email).await?.is_none() {
                let record = AdminRecord { email: email.clone(), password: hash_password(&password) };
                let record = to_json(&record)?;
                // Another worker may make the same admin at this moment: then its password counts.
                if self.records.put_new(RecordKind::Admin, &email, &record, None).await? == record {
                    made.admin = Some((email, generated));
                }
            }
        }
        if let Some(key) = wish.api_key {
            self.add_key(&key).await?;
        } else if !self.records.any(RecordKind::ApiKey).await? {
            let key = format!("pi_{}", random_token());
            self.add_key(&key).await?;
            made.api_key = Some(key);
        }
        Ok(made)
    }

    async fn add_key(&self, key: &str) -> Result<(), AppError> {
        let hash = hash_token(key);
        self.records.put_new(RecordKind::ApiKey, &hash, &to_json(&hash)?, None).await?;
        Ok(())
    }

    /// Whether `key` is a good API key. `address` is where it came from.
    ///
    /// # Errors
    /// `Unauthorized`, `TooManyRequests` after many bad ones from one address, or the store's.
    pub async fn check_key(&self, key: &str, address: &str) -> Result<KeyOwner, AppError> {
        let hash = hash_token(key);
        if self.known_keys.get(&hash).is_some() {
            return Ok(KeyOwner(hash));
        }
        let kept = self.records.get(RecordKind::ApiKey, &hash).await?;
        let kept: Option<String> = kept.and_then(|json| serde_json::from_str(&json).ok());
        if kept.is_some_and(|kept| bool::from(kept.as_bytes().ct_eq(hash.as_bytes()))) {
            self.known_keys.insert(hash.clone(), ());
            return Ok(KeyOwner(hash));
        }
        limit(&self.bad_keys, address, "Too many requests with a wrong API key.")?;
        Err(AppError::new(
            ErrorKind::Unauthorized,
            "This API key is not known. Send `Authorization: Bearer <api key>`.",
        ))
    }

    /// Checks a password and logs in. Answers the token for the cookie.
    ///
    /// # Errors
    /// `Unauthorized`, `TooManyRequests` after many attempts from one address or on one account, or the store's.
    pub async fn login(&self, address: &str, email: &str, password: &str) -> Result<String, AppError> {
        let email = email.trim().to_lowercase();
        limit(&self.per_address, address, "Too many login attempts from your network.")?;
        limit(&self.per_account, &email, "Too many login attempts on this account.")?;
        let record = self.records.get(RecordKind::Admin, &email).await?;
        let record: Option<AdminRecord> = record.and_then(|json| serde_json::from_str(&json).ok());
        let known = record.is_some();
        let hash = record.map_or_else(|| self.nobody.clone(), |record| record.password);
        if !(self.password_matches(hash, password.to_owned()).await? && known) {
            return Err(AppError::new(ErrorKind::Unauthorized, "The e-mail address or the password is wrong."));
        }
        self.open_login(&email).await
    }

    async fn password_matches(&self, hash: String, password: String) -> Result<bool, AppError> {
        let _permit = self.checks.acquire().await.map_err(|_| AppError::internal())?;
        let check = move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        };
        tokio::task::spawn_blocking(check).await.map_err(|_| AppError::internal())
    }

    async fn open_login(&self, email: &str) -> Result<String, AppError> {
        let token = random_token();
        let admin = to_json(&Admin { email: email.to_owned() })?;
        let until = self.clock.now().plus_seconds(LOGIN.as_secs() as u32);
        self.records.put_new(RecordKind::AdminSession, &hash_token(&token), &admin, Some(until)).await?;
        tracing::info!("an admin logged in");
        Ok(token)
    }

    /// The admin whom the cookie's token belongs to.
    ///
    /// # Errors
    /// The store's.
    pub async fn admin(&self, token: &str) -> Result<Option<Admin>, StoreError> {
        let kept = self.records.get(RecordKind::AdminSession, &hash_token(token)).await?;
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Makes the token worthless.
    ///
    /// # Errors
    /// The store's.
    pub async fn logout(&self, token: &str) -> Result<(), StoreError> {
        self.records.take(RecordKind::AdminSession, &hash_token(token)).await?;
        Ok(())
    }

    /// A token that logs in once, within an hour, as the admin whom [`Self::bootstrap`] makes for this address.
    ///
    /// # Errors
    /// The store's.
    pub async fn login_link(&self, email: Option<&str>) -> Result<String, AppError> {
        let token = random_token();
        let admin = to_json(&Admin { email: admin_email(email) })?;
        let until = self.clock.now().plus_seconds(LOGIN_LINK.as_secs() as u32);
        self.records.put_new(RecordKind::LoginLink, &hash_token(&token), &admin, Some(until)).await?;
        Ok(token)
    }

    /// Uses a login link up and logs in. Answers the token for the cookie.
    ///
    /// # Errors
    /// `Unauthorized` for a link that was used, is too old or was never made; `TooManyRequests`; or the store's.
    pub async fn use_login_link(&self, address: &str, token: &str) -> Result<String, AppError> {
        limit(&self.per_address, address, "Too many login attempts from your network.")?;
        let kept = self.records.take(RecordKind::LoginLink, &hash_token(token)).await?;
        let admin: Option<Admin> = kept.and_then(|json| serde_json::from_str(&json).ok());
        let admin = admin.ok_or_else(|| {
            AppError::new(
                ErrorKind::Unauthorized,
                "This login link was used already or is too old. Log in with your password.",
            )
        })?;
        self.open_login(&admin.email).await
    }

    /// Forgets addresses and accounts that have not been seen for a while.
    pub fn tidy(&self) {
        for limiter in [&self.per_address, &self.per_account, &self.bad_keys] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Proof of a good API key. Holds the key's hash: it tells one integrator's requests from another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOwner(String);

impl KeyOwner {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn admin_email(wish: Option<&str>) -> String {
    wish.unwrap_or("admin@localhost").trim().to_lowercase()
}

fn hash_password(password: &str) -> String {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.expect("Argon2's default parameters are valid").to_string()
}

fn limit(limiter: &DefaultKeyedRateLimiter<String>, key: &str, what: &str) -> Result<(), AppError> {
    limiter.check_key(&key.to_owned()).map_err(|until| {
        let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
        let seconds = (wait.as_secs_f64().ceil() as u32).max(1);
        AppError::too_many_requests(format!("{what} Please wait {seconds} seconds."), seconds)
    })
}

fn to_json<T: Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|_| AppError::internal())
}
