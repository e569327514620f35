//! wasm-bindgen's two halves speak one format only when their versions are equal.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// Compares the wasm-bindgen compiled into the browser's side with the library that this program uses.
pub fn check(workspace: &Workspace) -> Result<()> {
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    compare(&lock)
}

fn compare(lock: &str) -> Result<()> {
    let runtime = version(lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    let tool = version(lock, "wasm-bindgen-cli-support").context("Cargo.lock has no wasm-bindgen-cli-support")?;
    ensure!(
        runtime == tool,
        "Cargo.lock has wasm-bindgen {runtime} but wasm-bindgen-cli-support {tool}: \
         set both to one version, in Cargo.toml and in xtask/Cargo.toml"
    );
    Ok(())
}

fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(runtime: &str, tool: &str) -> String {
        format!(
            "[[package]]\nname = \"wasm-bindgen\"\nversion = \"{runtime}\"\n\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{tool}\"\n"
        )
    }

    #[test]
    fn equal_versions_pass() {
        compare(&lock("0.2.130", "0.2.130")).unwrap();
    }

    #[test]
    fn different_versions_are_named_in_the_error() {
        let error = compare(&lock("0.2.131", "0.2.130")).unwrap_err().to_string();
        assert!(error.contains("wasm-bindgen 0.2.131") && error.contains("0.2.130"), "{error}");
    }
}
