//! The key that recordings' keys are encrypted with: from the environment, or made once and kept in the data directory.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use app::{
    ports::{MasterKey, RecordStore},
    service::{Vault, VaultError},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::store::files;

const FILE: &str = "evidence.key";

/// Reads a key as `EVIDENCE_KEY` and the file have it: 32 bytes in base64.
///
/// # Errors
/// What it should look like.
pub fn parse(text: &str) -> Result<MasterKey> {
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    // The text is a secret and not shown.
    let Some(bytes) = bytes else { bail!("the key must be 32 bytes in base64; `openssl rand -base64 32` makes one") };
    Ok(MasterKey(bytes))
}

/// The key with which the store's recordings are encrypted: the one that was `given`, or that of the directory, which is made
/// for a store without recordings. `lost`: where the key fits no more, the recordings are given up.
///
/// # Errors
/// When there are recordings and no key; when the file can be neither read nor written, or holds no key; or the store's.
pub async fn find(given: Option<MasterKey>, dir: &Path, lost: bool, records: &dyn RecordStore) -> Result<MasterKey> {
    let known = given.map_or_else(|| of_dir(dir), |key| Ok(Some(key)))?;
    // Whether it is another one is said when the vault is opened.
    if !Vault::is_opened_by(known.as_ref(), records).await? {
        if lost {
            tracing::warn!("EVIDENCE_KEY_LOST is set, and the key is lost: the recordings made so far are given up");
            Vault::give_up(records).await?;
        } else if known.is_none() {
            bail!("{} is missing. {}", dir.join(FILE).display(), VaultError::OtherKey);
        }
    }
    known.map_or_else(|| make(dir), Ok)
}

/// The key in the directory, if there is one.
fn of_dir(dir: &Path) -> Result<Option<MasterKey>> {
    let path = dir.join(FILE);
    let named = || format!("the key in {}", path.display());
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text).map(Some).with_context(named),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(named),
    }
}

/// Makes a key in the directory, unless somebody else is faster.
fn make(dir: &Path) -> Result<MasterKey> {
    let path = dir.join(FILE);
    let named = || format!("the key in {}", path.display());
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    files::make_private_dir(dir)?;
    // Written in full under another name first: another worker of this directory never reads half a key.
    let draft = dir.join(format!("{FILE}.{}", uuid::Uuid::new_v4().simple()));
    let mut file = files::create_private_file(&draft)?;
    writeln!(file, "{}", STANDARD.encode(bytes)).and_then(|()| file.sync_all()).with_context(named)?;
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft).with_context(named)?;
    match linked {
        Ok(()) => Ok(MasterKey(bytes)),
        // Another worker was faster: its key is the one.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            parse(&fs::read_to_string(&path).with_context(named)?).with_context(named)
        }
        Err(error) => Err(error).with_context(named),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{clock::SystemClock, store::SqliteStore};

    #[test]
    fn a_key_is_made_once_and_read_by_the_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("data");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| make(&dir).unwrap().0)).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]), "all workers have the same one");
        assert_eq!(of_dir(&dir).unwrap().unwrap().0, keys[0]);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no drafts are left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(dir.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    /// As after a restore without the key's file.
    #[tokio::test]
    async fn for_a_lost_key_no_other_is_made_unless_that_is_said() {
        let parent = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&parent.path().join("store"), Arc::new(SystemClock)).unwrap());
        let find = async |lost| find(None, parent.path(), lost, store.as_ref()).await;
        let first = find(false).await.unwrap();
        Vault::open(&first, store.clone(), store.clone()).await.unwrap();
        assert_eq!(find(true).await.unwrap().0, first.0, "it is not lost");
        fs::remove_file(parent.path().join(FILE)).unwrap();
        for _ in 0..2 {
            let error = find(false).await.unwrap_err().to_string();
            assert!(error.contains(FILE) && error.contains("EVIDENCE_KEY_LOST"), "{error}");
        }
        let second = find(true).await.unwrap();
        assert_ne!(second.0, first.0);
        Vault::open(&second, store.clone(), store.clone()).await.unwrap();
        assert_eq!(find(false).await.unwrap().0, second.0);
    }

    #[test]
    fn a_broken_key_is_an_error_that_does_not_show_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "half a secr").unwrap();
        let error = format!("{:#}", of_dir(dir.path()).unwrap_err());
        assert!(error.contains("evidence.key") && error.contains("32 bytes") && !error.contains("secr"), "{error}");
    }
}
