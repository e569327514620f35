//! Random secrets, and files that only their owner may read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

/// 40 hexadecimal digits: 160 random bits.
pub fn random() -> Result<String> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file with mode 0600, replacing what was there.
pub fn write_private(path: &Path, content: &str) -> Result<()> {
    let write = || {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
        if path.exists() {
            fs::remove_file(path)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content.as_bytes())
    };
    write().with_context(|| format!("writing {}", path.display()))
}

/// The secret kept in `path`, made at the first call.
pub fn kept(path: &Path, prefix: &str) -> Result<String> {
    if path.exists() {
        let secret = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        return Ok(secret.trim().to_owned());
    }
    let secret = format!("{prefix}{}", random()?);
    write_private(path, &format!("{secret}\n"))?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_kept_secret_is_private_and_stays_the_same() {
        let dir = std::env::temp_dir().join(format!("xtask-secret-{}", std::process::id()));
        let path = dir.join("key");
        let first = kept(&path, "pi_").unwrap();
        assert_eq!(first.len(), 43);
        assert_eq!(kept(&path, "pi_").unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(dir).unwrap();
    }
}
