//! Pictures and logs of sessions, encrypted.
//!
//! Each session has a key of its own, and only that key, encrypted with the master key, is kept. So whoever removes the key has
//! removed everything, whatever is still to be found on disks and in backups.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use quick_cache::sync::Cache;

use super::{
    ServiceError,
    tokens::{random_bytes, random_key},
};
use crate::{
    model::SessionId,
    ports::{BlobStore, MasterKey, Order, RecordKind, RecordStore, StoreError},
};

/// Keys in memory at most.
const CACHED: usize = 4_096;

/// Keys given up in one go.
const PAGE: u32 = 500;

/// Bytes of a nonce, which stands before what it encrypts.
const NONCE: usize = 24;

/// The record that tells whether a worker has the master key of the others.
const CHECK: &str = "vault_check";

/// The encrypted store.
pub struct Vault {
    master: XChaCha20Poly1305,
    records: Arc<dyn RecordStore>,
    blobs: Arc<dyn BlobStore>,
    keys: Cache<SessionId, XChaCha20Poly1305>,
}

/// The master key is not the one that the store's keys were encrypted with.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "this is not the key that the store's recordings are encrypted with: give this worker the others' EVIDENCE_KEY, or the \
         file evidence.key of the DATA_DIR that made it. If it is lost, stop all workers and start one with \
         EVIDENCE_KEY_LOST=1: it gives up all recordings made so far"
    )]
    OtherKey,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Vault {
    /// # Errors
    /// When other workers of this store have another master key; or the store's.
    pub async fn open(
        master: &MasterKey,
        records: Arc<dyn RecordStore>,
        blobs: Arc<dyn BlobStore>,
    ) -> Result<Self, VaultError> {
        let master = cipher(&master.0);
        let proof = STANDARD.encode(encrypt(&master, CHECK, CHECK.as_bytes())?);
        let kept = records.put_new(RecordKind::Secret, CHECK, &proof, None).await?;
        if !proves(&master, &kept) {
            return Err(VaultError::OtherKey);
        }
        Ok(Self { master, records, blobs, keys: Cache::new(CACHED) })
    }

    /// Whether the store's recordings, if there may be any, are encrypted with this master key.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_opened_by(master: Option<&MasterKey>, records: &dyn RecordStore) -> Result<bool, StoreError> {
        let Some(kept) = records.get(RecordKind::Secret, CHECK).await? else { return Ok(true) };
        Ok(master.is_some_and(|master| proves(&cipher(&master.0), &kept)))
    }

    /// Gives up all recordings there are: their master key is lost. No other worker may be running.
    ///
    /// # Errors
    /// The store's. Then some may be left, and again goes on.
    pub async fn give_up(records: &dyn RecordStore) -> Result<(), StoreError> {
        loop {
            let keys = records.list(RecordKind::VaultKey, Order::Ascending, PAGE).await?;
            for (session, _) in &keys {
                records.take(RecordKind::VaultKey, session).await?;
            }
            if keys.len() < PAGE as usize {
                break;
            }
        }
        records.take(RecordKind::Secret, CHECK).await.map(drop)
    }

    /// Gives the session a key, unless it has one. Only for a session that is known to be there.
    ///
    /// # Errors
    /// The store's.
    pub async fn prepare(&self, id: SessionId) -> Result<(), ServiceError> {
        let name = id.to_string();
        let sealed = STANDARD.encode(encrypt(&self.master, &name, &random_key())?);
        self.records.put_new(RecordKind::VaultKey, &name, &sealed, None).await?;
        Ok(())
    }

    /// Keeps something under a name of its own; `false` when the name is taken.
    ///
    /// # Errors
    /// `NoSession` when the session has no key: it was deleted, or its recordings were erased.
    pub async fn keep(&self, id: SessionId, name: &str, content: &[u8]) -> Result<bool, ServiceError> {
        let key = self.key(id).await?.ok_or(ServiceError::NoSession(id))?;
        let sealed = encrypt(&key, &place(id, name), content)?;
        Ok(self.blobs.put_new(id, name, &sealed).await?)
    }

    /// What is kept under a name. None where there is nothing, or nothing any more.
    ///
    /// # Errors
    /// The store's; also when what is there was changed by somebody else.
    pub async fn read(&self, id: SessionId, name: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        let Some(key) = self.key(id).await? else { return Ok(None) };
        let Some(sealed) = self.blobs.get(id, name).await? else { return Ok(None) };
        let content = decrypt(&key, &place(id, name), &sealed);
        let content = content.ok_or_else(|| StoreError::Failed("a recording was changed from outside".into()))?;
        Ok(Some(content))
    }

    /// Names of what is kept, those that begin with `prefix`, in order.
    ///
    /// # Errors
    /// The store's.
    pub async fn names(&self, id: SessionId, prefix: &str) -> Result<Vec<String>, ServiceError> {
        Ok(self.blobs.names(id, prefix).await?)
    }

    /// Removes the key, and then what nobody can read any more. Again is no error.
    ///
    /// # Errors
    /// The store's. When it fails after the first step, nothing is readable any more, and again removes the rest.
    pub async fn erase(&self, id: SessionId) -> Result<(), StoreError> {
        self.records.take(RecordKind::VaultKey, &id.to_string()).await?;
        self.keys.remove(&id);
        self.blobs.erase(id).await
    }

    /// The key is looked for in the store once in a while only: another worker that removes it removes the blobs as well.
    async fn key(&self, id: SessionId) -> Result<Option<XChaCha20Poly1305>, StoreError> {
        if let Some(key) = self.keys.get(&id) {
            return Ok(Some(key));
        }
        let name = id.to_string();
        let Some(sealed) = self.records.get(RecordKind::VaultKey, &name).await? else { return Ok(None) };
        let key = STANDARD.decode(sealed).ok().and_then(|sealed| decrypt(&self.master, &name, &sealed));
        let key: Option<[u8; 32]> = key.and_then(|key| key.try_into().ok());
        let key = cipher(&key.ok_or_else(|| StoreError::Failed("a session's key cannot be read".into()))?);
        self.keys.insert(id, key.clone());
        Ok(Some(key))
    }
}

/// Whether the kept check was encrypted with this key.
fn proves(master: &XChaCha20Poly1305, kept: &str) -> bool {
    let opened = STANDARD.decode(kept).ok().and_then(|proof| decrypt(master, CHECK, &proof));
    opened.as_deref() == Some(CHECK.as_bytes())
}

/// What a content is bound to, so that nothing can be put in another's place.
fn place(id: SessionId, name: &str) -> String {
    format!("{id}/{name}")
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(key))
}

fn encrypt(key: &XChaCha20Poly1305, bound_to: &str, content: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut sealed = random_bytes::<NONCE>().to_vec();
    let payload = Payload { msg: content, aad: bound_to.as_bytes() };
    let encrypted = key.encrypt(XNonce::from_slice(&sealed), payload);
    sealed.extend(encrypted.map_err(|_| StoreError::Failed("a recording could not be encrypted".into()))?);
    Ok(sealed)
}

fn decrypt(key: &XChaCha20Poly1305, bound_to: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, encrypted) = sealed.split_at_checked(NONCE)?;
    key.decrypt(XNonce::from_slice(nonce), Payload { msg: encrypted, aad: bound_to.as_bytes() }).ok()
}
