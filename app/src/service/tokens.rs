//! Random tokens, their hashes, and the shared key that invites are signed with.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    model::{Invite, SessionId, UnixMillis},
    ports::{RecordKind, RecordStore, StoreError},
};

/// 256 random bits as URL-safe text.
#[must_use]
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A new random session id.
#[must_use]
pub fn random_session_id() -> SessionId {
    SessionId(random_uuid())
}

/// 256 random bits.
pub(super) fn random_key() -> [u8; 32] {
    random_bytes()
}

/// A new random UUID (version 4).
pub(crate) fn random_uuid() -> Uuid {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid()
}

/// A new UUID that begins with the time (version 7): later ones sort after it.
pub(super) fn uuid_at(time: UnixMillis) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(time.0.unsigned_abs(), &random_bytes()).into_uuid()
}

/// Random bytes.
pub(super) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// What is kept of a random token. Tokens carry 256 bits, so a fast hash is enough; looking one up by its hash tells a
/// timing attacker nothing about the token.
#[must_use]
pub fn hash_token(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// The key that all workers share. Invites are the session's id with a signature, so they need no index of their own.
pub struct Secret([u8; 32]);

/// Bytes of the signature that an invite carries.
const SIGNATURE: usize = 16;

/// A name for this deployment, shared by all its workers. Not secret.
///
/// # Errors
/// The store's.
pub async fn deployment_id(records: &dyn RecordStore) -> Result<String, StoreError> {
    records.put_new(RecordKind::Secret, "deployment", &random_session_id().to_string(), None).await
}

impl Secret {
    /// Reads the key, or makes it when there is none yet.
    ///
    /// # Errors
    /// When the store is unavailable or holds something else.
    pub async fn load(records: &dyn RecordStore) -> Result<Self, StoreError> {
        let fresh = serde_json::to_string(&random_token()).map_err(|e| StoreError::Failed(e.to_string()))?;
        let kept = records.put_new(RecordKind::Secret, "invite", &fresh, None).await?;
        let broken = || StoreError::Failed("the secret `invite` is not 32 bytes in base64".into());
        let text: String = serde_json::from_str(&kept).map_err(|_| broken())?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| broken())?;
        Ok(Self(bytes.try_into().map_err(|_| broken())?))
    }

    /// The invite of a session.
    #[must_use]
    pub fn invite(&self, id: SessionId) -> Invite {
        let mut bytes = id.0.as_bytes().to_vec();
        bytes.extend_from_slice(&self.mac(id.0.as_bytes()).finalize().into_bytes()[..SIGNATURE]);
        Invite(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The session that an invite opens; `None` when it was not made with this key.
    #[must_use]
    pub fn session_of(&self, invite: &Invite) -> Option<SessionId> {
        let bytes = URL_SAFE_NO_PAD.decode(&invite.0).ok()?;
        let (id, signature) = bytes.split_at_checked(16)?;
        if signature.len() != SIGNATURE {
            return None;
        }
        self.mac(id).verify_truncated_left(signature).ok()?;
        Some(SessionId(Uuid::from_slice(id).ok()?))
    }

    fn mac(&self, id: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"invite:");
        mac.update(id);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_opens_its_session_and_no_other() {
        let secret = Secret([7; 32]);
        let id = random_session_id();
        let invite = secret.invite(id);
        assert_eq!(secret.session_of(&invite), Some(id));
        assert_eq!(Secret([8; 32]).session_of(&invite), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(&invite.0).unwrap();
        bytes[3] ^= 1;
        assert_eq!(secret.session_of(&Invite(URL_SAFE_NO_PAD.encode(bytes))), None);
        assert_eq!(secret.session_of(&Invite("short".into())), None);
        assert_eq!(secret.session_of(&Invite(String::new())), None);
    }
}
