//! Pictures and logs of sessions, encrypted.
//!
//! Each session has a key of its own, and only that key, encrypted with the master key, is kept. So whoever removes the key has
//! made everything unreadable at once, also what is left of it on disks. A backup that was taken before holds the key beside
//! the recordings: it has to be let go as well, or be kept apart from the master key.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::{
    ServiceError,
    tokens::{random_bytes, random_key},
};
use crate::{
    model::SessionId,
    ports::{BlobStore, MasterKey, Order, RecordKind, RecordStore, StoreError},
};

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
        Ok(Self { master, records, blobs })
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
        let key = self.fetch_key(id).await?.ok_or(ServiceError::NoSession(id))?;
        let sealed = encrypt(&key, &place(id, name), content)?;
        let is_new = self.blobs.put_new(id, name, &sealed).await?;
        if self.fetch_key(id).await?.is_none() {
            // Another worker erased all while this was written, and may have been done before.
            self.blobs.erase(id).await?;
            return Err(ServiceError::NoSession(id));
        }
        Ok(is_new)
    }

    /// What is kept under a name. None where there is nothing, or nothing any more.
    ///
    /// # Errors
    /// The store's; also when what is there was changed by somebody else.
    pub async fn read(&self, id: SessionId, name: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        let Some(sealed) = self.blobs.get(id, name).await? else { return Ok(None) };
        // Each time anew: whoever erased it may have been another worker.
        let Some(key) = self.fetch_key(id).await? else { return Ok(None) };
        let content = decrypt(&key, &place(id, name), &sealed);
        Ok(Some(content.ok_or_else(|| StoreError::Failed("a recording was changed from outside".into()))?))
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
        self.blobs.erase(id).await
    }

    async fn fetch_key(&self, id: SessionId) -> Result<Option<XChaCha20Poly1305>, StoreError> {
        let name = id.to_string();
        let Some(sealed) = self.records.get(RecordKind::VaultKey, &name).await? else { return Ok(None) };
        let key = STANDARD.decode(sealed).ok().and_then(|sealed| decrypt(&self.master, &name, &sealed));
        let key: Option<[u8; 32]> = key.and_then(|key| key.try_into().ok());
        Ok(Some(cipher(&key.ok_or_else(|| StoreError::Failed("a session's key cannot be read".into()))?)))
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

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use async_trait::async_trait;
    use uuid::Uuid;

    use super::*;
    use crate::service::fakes::{FakeBlobs, World};

    const ID: SessionId = SessionId(Uuid::nil());

    /// Blobs whose session another worker erases right before one is written.
    struct Late {
        blobs: Arc<FakeBlobs>,
        other: OnceLock<Vault>,
    }

    #[async_trait]
    impl BlobStore for Late {
        async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
            if let Some(other) = self.other.get() {
                other.erase(session).await?;
            }
            self.blobs.put_new(session, name, bytes).await
        }

        async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.blobs.get(session, name).await
        }

        async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
            self.blobs.names(session, prefix).await
        }

        async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
            self.blobs.erase(session).await
        }
    }

    async fn vault(world: &World, blobs: Arc<dyn BlobStore>) -> Vault {
        Vault::open(&MasterKey([7; 32]), world.store.clone(), blobs).await.unwrap()
    }

    #[tokio::test]
    async fn nothing_is_kept_of_what_another_worker_erased() {
        let world = World::shared();
        let late = Arc::new(Late { blobs: world.blobs.clone(), other: OnceLock::new() });
        let ours = vault(&world, late.clone()).await;
        ours.prepare(ID).await.unwrap();
        assert!(ours.keep(ID, "a", b"one").await.unwrap());
        assert_eq!(ours.read(ID, "a").await.unwrap().as_deref(), Some(&b"one"[..]));
        late.other.set(vault(&world, world.blobs.clone()).await).ok().unwrap();
        assert!(matches!(ours.keep(ID, "b", b"two").await, Err(ServiceError::NoSession(ID))), "while it is written");
        assert_eq!(world.blobs.count(ID, ""), 0);
        assert!(matches!(ours.keep(ID, "c", b"three").await, Err(ServiceError::NoSession(ID))), "after it");
        assert_eq!(world.blobs.count(ID, ""), 0);
    }

    #[tokio::test]
    async fn what_could_not_be_erased_whole_is_readable_by_no_worker() {
        let world = World::shared();
        let (ours, other) = (vault(&world, world.blobs.clone()).await, vault(&world, world.blobs.clone()).await);
        ours.prepare(ID).await.unwrap();
        ours.keep(ID, "a", b"one").await.unwrap();
        assert_eq!(other.read(ID, "a").await.unwrap().as_deref(), Some(&b"one"[..]));
        world.blobs.stick(Some(ID));
        assert!(ours.erase(ID).await.is_err());
        assert_eq!(world.blobs.count(ID, ""), 1);
        for vault in [&ours, &other] {
            assert_eq!(vault.read(ID, "a").await.unwrap(), None);
        }
    }

    #[tokio::test]
    async fn a_key_that_another_worker_made_anew_is_found() {
        let world = World::shared();
        let (ours, other) = (vault(&world, world.blobs.clone()).await, vault(&world, world.blobs.clone()).await);
        for vault in [&ours, &other] {
            vault.erase(ID).await.unwrap();
            vault.prepare(ID).await.unwrap();
            assert!(vault.keep(ID, "a", b"one").await.unwrap());
            assert_eq!(ours.read(ID, "a").await.unwrap().as_deref(), Some(&b"one"[..]));
            assert_eq!(other.read(ID, "a").await.unwrap().as_deref(), Some(&b"one"[..]));
        }
    }
}
