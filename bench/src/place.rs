//! Where things are: the built site, and beside it data that go away with the run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context, Result};

/// The site's directory, and a directory of this run. What is in the latter is removed at the end.
pub struct Place {
    site: PathBuf,
    figures: PathBuf,
    scratch: PathBuf,
    /// Numbers the run's directories and databases.
    next: AtomicU32,
}

impl Place {
    /// `SITE_DIR` is the built site. Data are kept beside it, since temporary directories are often in memory, where
    /// making a write durable costs nothing.
    pub fn from_env() -> Result<Self> {
        let site = PathBuf::from(env::var_os("SITE_DIR").context(
            "SITE_DIR must name the directory of the built site: run the benchmarks with `cargo xtask bench`",
        )?);
        let target = site.parent().context("SITE_DIR must lie in another directory")?.to_owned();
        let scratch = target.join("tmp").join(format!("bench-data-{}", std::process::id()));
        Ok(Self { figures: target.join("bench.json"), site, scratch, next: AtomicU32::new(0) })
    }

    pub fn site(&self) -> &Path {
        &self.site
    }

    /// The file with all figures.
    pub fn figures(&self) -> &Path {
        &self.figures
    }

    /// A directory that does not exist yet, on the disk that the site is on.
    pub fn new_dir(&self) -> PathBuf {
        self.scratch.join(self.number().to_string())
    }

    /// A database that does not exist yet.
    pub fn new_database(&self) -> String {
        format!("bench_{}_{}", std::process::id(), self.number())
    }

    fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Left-over files in the target directory do no harm.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}
