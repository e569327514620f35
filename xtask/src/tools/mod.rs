//! What the build and the tests need from outside cargo: found, or installed without asking.

mod browser;
mod go;

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

pub use self::browser::chromium;
pub use self::go::{ferretdb, livekit};
use crate::processes;
use crate::step;
use crate::workspace::Workspace;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The standard library for WebAssembly: present, or added by rustup.
pub fn wasm_target(workspace: &Workspace) -> Result<()> {
    step::quiet(
        "WebAssembly target",
        |outcome: &&str| (*outcome).to_owned(),
        || {
            let mut rustc = Command::new("rustc");
            rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]).current_dir(&workspace.root);
            let output = rustc.output().context("starting rustc")?;
            let dir = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            if output.status.success() && fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
                return Ok("found");
            }
            let mut rustup = Command::new("rustup");
            rustup.args(["target", "add", WASM_TARGET]).current_dir(&workspace.root);
            processes::run_quietly("rustup target add", rustup).with_context(|| {
                format!(
                    "the Rust toolchain has no standard library for {WASM_TARGET}, and rustup could not add it; \
                 run `rustup target add {WASM_TARGET}`, or install your system's package for it"
                )
            })?;
            Ok("installed")
        },
    )?;
    Ok(())
}

/// The packages of package-lock.json, in `node_modules`.
pub fn npm_packages(workspace: &Workspace) -> Result<()> {
    step::quiet(
        "JS dependencies",
        |outcome: &&str| (*outcome).to_owned(),
        || {
            let lock =
                fs::read_to_string(workspace.root.join("package-lock.json")).context("reading package-lock.json")?;
            let installed = workspace.node_modules().join(".installed-lock.json");
            if fs::read_to_string(&installed).is_ok_and(|written| written == lock) {
                return Ok("up to date");
            }
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&workspace.root);
            npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            processes::run_quietly("npm ci", npm)
                .context("Node.js 20 or newer with npm is needed, see https://nodejs.org")?;
            fs::write(installed, lock)?;
            Ok("installed")
        },
    )?;
    Ok(())
}
