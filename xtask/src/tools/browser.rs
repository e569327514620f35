//! A Chromium for the end-to-end tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::processes::{in_path, run_quietly};
use crate::step;
use crate::workspace::Workspace;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's executable; `None` stands for the one that Playwright keeps for itself.
pub fn chromium(workspace: &Workspace) -> Result<Option<PathBuf>> {
    step::quiet(
        "Chromium",
        |_| "ready".to_owned(),
        || {
            if let Some(chosen) = std::env::var_os("CHROMIUM_BIN") {
                return Ok(Some(PathBuf::from(chosen)));
            }
            if let Some(found) = find() {
                return Ok(Some(found));
            }
            if is_debian() && rustix::process::geteuid().is_root() {
                install_with_apt()?;
                return Ok(Some(find().context("apt-get installed chromium, but it is not in PATH")?));
            }
            let mut playwright = workspace.npm_bin("playwright");
            playwright.args(["install", "chromium"]);
            match run_quietly("playwright install chromium", playwright) {
                Ok(()) => Ok(None),
                Err(error) => bail!("{error:#}\ninstall Chromium or Chrome so that it is in PATH, or set CHROMIUM_BIN"),
            }
        },
    )
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| in_path(name))
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && in_path("apt-get").is_some()
}

fn install_with_apt() -> Result<()> {
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run_quietly("apt-get", command)
    };
    let install = ["install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"];
    // A machine that never updated its lists does not know the package yet.
    apt(&install).or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
}
