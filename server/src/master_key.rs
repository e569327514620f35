//! The key that recordings' keys are encrypted with: from the environment, or made once and kept in the data directory.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use app::ports::MasterKey;
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

/// The key in the directory, which is made when there is none.
///
/// # Errors
/// When the file can be neither read nor written, or holds no key.
pub fn of_dir(dir: &Path) -> Result<MasterKey> {
    let path = dir.join(FILE);
    let named = || format!("the key in {}", path.display());
    match fs::read_to_string(&path) {
        Ok(text) => return parse(&text).with_context(named),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(named),
    }
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
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_by_the_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("data");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| of_dir(&dir).unwrap().0)).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]), "all workers have the same one");
        assert_eq!(of_dir(&dir).unwrap().0, keys[0]);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no drafts are left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(dir.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_broken_key_is_an_error_that_does_not_show_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "half a secr").unwrap();
        let error = format!("{:#}", of_dir(dir.path()).unwrap_err());
        assert!(error.contains("evidence.key") && error.contains("32 bytes") && !error.contains("secr"), "{error}");
    }
}
