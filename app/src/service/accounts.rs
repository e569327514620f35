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
    model::{Admin, UnixMillis},
    ports::{Clock, Order, RecordKind, RecordStore, StoreError},
};

/// How long a login lasts.
pub const LOGIN: Duration = Duration::from_secs(12 * 3600);

/// How long a one-time login link can be used.
pub const LOGIN_LINK: Duration = Duration::from_secs(3600);

/// Shortest admin password, in characters (NIST SP 800-63B asks for 8 at least).
pub const MIN_PASSWORD: usize = 8;

/// Shortest API key, in characters: so many letters and digits carry 119 bits. NIST SP 800-63B asks for 112 of secrets whose
/// hash has no salt and is quickly made.
pub const MIN_KEY: usize = 20;

/// Password checks at once: each takes 19 MiB and tens of milliseconds.
const PASSWORD_CHECKS: usize = 2;

/// API keys known to be good that a worker remembers.
const KNOWN_KEYS: usize = 1_000;

/// For how long it relies on that: another worker may have started with another key.
const KNOWN_FOR: Duration = Duration::from_secs(30);

/// Records that are read at once to remove them.
const PAGE: u32 = 100;

/// Accounts and credentials.
pub struct Accounts {
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
    /// By hash, with the time when the store had it.
    known_keys: Cache<String, UnixMillis>,
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

/// Who may come in by a cookie or a link, as long as that admin's record is the same: another password ends all logins.
#[derive(Serialize, Deserialize)]
struct Login {
    email: String,
    /// The hash of the admin's record, which holds a salt of its own.
    record: String,
}

/// What was made because there was none. Shown once; only hashes are kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bootstrapped {
    /// The e-mail address, and the password if it was generated.
    pub admin: Option<(String, Option<String>)>,
    pub api_key: Option<String>,
}

/// The admin and the API keys that the environment names.
#[derive(Clone, Default)]
pub struct Bootstrap {
    pub admin_email: Option<String>,
    pub admin_password: Option<String>,
    /// One, or several with commas between.
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

    /// Makes an admin and an API key where there are none. What the environment names is all there is from then on: other keys
    /// and admins are removed, and another password ends the logins made with the former one. What it does not name stays.
    ///
    /// # Errors
    /// A password or a key that is too short, before anything is changed, or the store's.
    pub async fn bootstrap(&self, wish: Bootstrap) -> Result<Bootstrapped, AppError> {
        let short = |text: Option<&String>, least: usize| text.is_some_and(|text| text.chars().count() < least);
        if short(wish.admin_password.as_ref(), MIN_PASSWORD) {
            return Err(AppError::bad_request(format!("ADMIN_PASSWORD needs {MIN_PASSWORD} characters at least.")));
        }
        let keys: Vec<_> = wish.api_key.iter().flat_map(|keys| keys.split(',')).map(str::trim).collect();
        if keys.iter().any(|key| key.chars().count() < MIN_KEY) {
            return Err(AppError::bad_request(format!(
                "API_KEY needs {MIN_KEY} characters at least, taken by chance: `openssl rand -hex 32` makes one. \
                 Commas part several keys."
            )));
        }
        let admin = if wish.admin_email.is_some() || wish.admin_password.is_some() {
            let email = admin_email(wish.admin_email.as_deref());
            let made = self.put_admin(&email, wish.admin_password).await?;
            self.keep_only(RecordKind::Admin, std::slice::from_ref(&email)).await?;
            made
        } else if !self.records.any(RecordKind::Admin).await? {
            self.put_admin(&admin_email(None), None).await?
        } else {
            None
        };
        let mut api_key = None;
        if !keys.is_empty() {
            let mut hashes = Vec::new();
            for key in keys {
                hashes.push(self.add_key(key).await?);
            }
            self.keep_only(RecordKind::ApiKey, &hashes).await?;
        } else if !self.records.any(RecordKind::ApiKey).await? {
            let key = format!("pi_{}", random_token());
            self.add_key(&key).await?;
            api_key = Some(key);
        }
        Ok(Bootstrapped { admin, api_key })
    }

    /// Makes the admin, with a generated password if none is given, or gives the one who is there this password. Answers whom
    /// it made.
    async fn put_admin(
        &self,
        email: &str,
        password: Option<String>,
    ) -> Result<Option<(String, Option<String>)>, AppError> {
        // Once more only where another worker wrote the same record in between.
        loop {
            let Some(kept) = self.records.get(RecordKind::Admin, email).await? else {
                let generated = password.is_none().then(|| random_token()[..20].to_owned());
                let record = admin_record(email, password.as_ref().or(generated.as_ref()).map_or("", String::as_str))?;
                if self.records.put_new(RecordKind::Admin, email, &record, None).await? == record {
                    return Ok(Some((email.to_owned(), generated)));
                }
                continue;
            };
            let Some(password) = &password else { return Ok(None) };
            let known: Option<AdminRecord> = serde_json::from_str(&kept).ok();
            if let Some(known) = known
                && self.password_matches(known.password, password.clone()).await?
            {
                return Ok(None);
            }
            let record = admin_record(email, password)?;
            if self.records.replace(RecordKind::Admin, email, &kept, &record, None).await? {
                tracing::info!("the admin has another password now; logins made with the former one have ended");
                return Ok(None);
            }
        }
    }

    async fn add_key(&self, key: &str) -> Result<String, AppError> {
        let hash = hash_token(key);
        self.records.put_new(RecordKind::ApiKey, &hash, &to_json(&hash)?, None).await?;
        Ok(hash)
    }

    /// Removes all records of a kind but these.
    async fn keep_only(&self, kind: RecordKind, keys: &[String]) -> Result<(), AppError> {
        loop {
            let mut others = self.records.list(kind, Order::Ascending, PAGE).await?;
            others.retain(|(other, _)| !keys.contains(other));
            if others.is_empty() {
                return Ok(());
            }
            for (other, _) in &others {
                self.records.take(kind, other).await?;
            }
            tracing::info!(kind = kind.as_str(), count = others.len(), "removed what the environment no longer names");
        }
    }

    /// Whether `key` is a good API key. `address` is where it came from.
    ///
    /// # Errors
    /// `Unauthorized`, `TooManyRequests` after many bad ones from one address, or the store's.
    pub async fn check_key(&self, key: &str, address: &str) -> Result<KeyOwner, AppError> {
        let (hash, now) = (hash_token(key), self.clock.now());
        let known = self.known_keys.get(&hash);
        // Of a clock that was set back nothing is relied on.
        if known.is_some_and(|since| (0..KNOWN_FOR.as_millis() as i64).contains(&(now.0 - since.0))) {
            return Ok(KeyOwner(hash));
        }
        let kept = match self.records.get(RecordKind::ApiKey, &hash).await {
            // Without the store there is little to be had, and nothing to be changed.
            Err(StoreError::Unavailable(_)) if known.is_some() => return Ok(KeyOwner(hash)),
            kept => kept?,
        };
        let kept: Option<String> = kept.and_then(|json| serde_json::from_str(&json).ok());
        if kept.is_some_and(|kept| bool::from(kept.as_bytes().ct_eq(hash.as_bytes()))) {
            self.known_keys.insert(hash.clone(), now);
            return Ok(KeyOwner(hash));
        }
        self.known_keys.remove(&hash);
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
        let kept = self.records.get(RecordKind::Admin, &email).await?;
        let record: Option<AdminRecord> = kept.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let kept = kept.filter(|_| record.is_some());
        let hash = record.map_or_else(|| self.nobody.clone(), |record| record.password);
        let matches = self.password_matches(hash, password.to_owned()).await?;
        let record = kept
            .filter(|_| matches)
            .ok_or_else(|| AppError::new(ErrorKind::Unauthorized, "The e-mail address or the password is wrong."))?;
        self.open_login(&Login { email, record: hash_token(&record) }).await
    }

    async fn password_matches(&self, hash: String, password: String) -> Result<bool, AppError> {
        let _permit = self.checks.acquire().await.map_err(|_| AppError::internal())?;
        let check = move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        };
        tokio::task::spawn_blocking(check).await.map_err(|_| AppError::internal())
    }

    async fn open_login(&self, login: &Login) -> Result<String, AppError> {
        let token = random_token();
        let until = self.clock.now().plus_seconds(LOGIN.as_secs() as u32);
        self.records.put_new(RecordKind::AdminSession, &hash_token(&token), &to_json(login)?, Some(until)).await?;
        tracing::info!("an admin logged in");
        Ok(token)
    }

    /// The admin whom the cookie's token belongs to.
    ///
    /// # Errors
    /// The store's.
    pub async fn admin(&self, token: &str) -> Result<Option<Admin>, StoreError> {
        let kept = self.records.get(RecordKind::AdminSession, &hash_token(token)).await?;
        self.still_good(kept).await.map(|login| login.map(|Login { email, .. }| Admin { email }))
    }

    /// What was kept of a login or a link, if that admin is still there with the same password.
    async fn still_good(&self, kept: Option<String>) -> Result<Option<Login>, StoreError> {
        let Some(login) = kept.and_then(|json| serde_json::from_str::<Login>(&json).ok()) else { return Ok(None) };
        let record = self.records.get(RecordKind::Admin, &login.email).await?;
        Ok(record.is_some_and(|record| hash_token(&record) == login.record).then_some(login))
    }

    /// Makes the token worthless.
    ///
    /// # Errors
    /// The store's.
    pub async fn logout(&self, token: &str) -> Result<(), StoreError> {
        self.records.take(RecordKind::AdminSession, &hash_token(token)).await?;
        Ok(())
    }

    /// A token that logs in once, within an hour, as the admin who is there; `None` before [`Self::bootstrap`] made one.
    ///
    /// # Errors
    /// The store's.
    pub async fn login_link(&self) -> Result<Option<String>, AppError> {
        let admins = self.records.list(RecordKind::Admin, Order::Ascending, 1).await?;
        let Some((email, record)) = admins.into_iter().next() else { return Ok(None) };
        let token = random_token();
        let login = to_json(&Login { email, record: hash_token(&record) })?;
        let until = self.clock.now().plus_seconds(LOGIN_LINK.as_secs() as u32);
        self.records.put_new(RecordKind::LoginLink, &hash_token(&token), &login, Some(until)).await?;
        Ok(Some(token))
    }

    /// Uses a login link up and logs in. Answers the token for the cookie.
    ///
    /// # Errors
    /// `Unauthorized` for a link that was used, is too old or was never made; `TooManyRequests`; or the store's.
    pub async fn use_login_link(&self, address: &str, token: &str) -> Result<String, AppError> {
        limit(&self.per_address, address, "Too many login attempts from your network.")?;
        let kept = self.records.take(RecordKind::LoginLink, &hash_token(token)).await?;
        let login = self.still_good(kept).await?.ok_or_else(|| {
            AppError::new(
                ErrorKind::Unauthorized,
                "This login link was used already or is too old. Log in with your password.",
            )
        })?;
        self.open_login(&login).await
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

fn admin_record(email: &str, password: &str) -> Result<String, AppError> {
    to_json(&AdminRecord { email: email.to_owned(), password: hash_password(password) })
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
