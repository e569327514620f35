//! Directories for what lives no longer than a command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// A directory of this process's own, removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes it in the target directory; `name` says what for.
    pub fn new(workspace: &Workspace, name: &str) -> Result<Self> {
        let dir = workspace.target.join("tmp").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        Ok(Self(dir))
    }

    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left-over files in the target directory do no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
