//! Where things are: the repository, cargo's target directory and the installed tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

pub struct Workspace {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target directory; `CARGO_TARGET_DIR` moves it.
    pub target: PathBuf,
    /// Where installed tools go: `TOOLS_DIR`, else `.tools`.
    pub tools: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        // Cargo says where this package lies when it runs it. The path known at compile time may be that of another
        // checkout, when both share a target directory.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let manifest = Path::new(&manifest);
        let root = manifest.parent().context("xtask lies in the workspace's root")?.to_path_buf();
        let output = Command::new(cargo_program())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(&root)
            .output()
            .context("starting cargo metadata")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
        let tools = match std::env::var_os("TOOLS_DIR") {
            Some(dir) if !dir.is_empty() => root.join(dir),
            _ => root.join(".tools"),
        };
        Ok(Self { target: PathBuf::from(target), tools, root })
    }

    /// A cargo invocation in the repository.
    ///
    /// `cargo run` describes xtask's own package in the environment. Some build scripts watch those variables, so they are
    /// taken away: otherwise a build from here and one from a shell would each undo the other's cache.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(cargo_program());
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(describes_a_package) {
                command.env_remove(name);
            }
        }
        command
    }

    /// A program that `npm ci` installed.
    pub fn npm_bin(&self, name: &str) -> Command {
        let mut command = Command::new(self.node_modules().join(".bin").join(name));
        command.current_dir(&self.root);
        command
    }

    pub fn node_modules(&self) -> PathBuf {
        self.root.join("node_modules")
    }

    /// Where `tools/` programs are built to and installed programs lie.
    pub fn tools_bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// What the server serves as static files.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }
}

fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn describes_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_s_variables_are_dropped_and_the_user_s_kept() {
        assert!(describes_a_package("CARGO_PKG_NAME"));
        assert!(describes_a_package("CARGO_MANIFEST_DIR"));
        assert!(!describes_a_package("CARGO_TARGET_DIR"));
    }
}
