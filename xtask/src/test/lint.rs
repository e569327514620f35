//! What is checked without running anything.

use anyhow::Result;

use super::count::Count;
use crate::workspace::Workspace;
use crate::{processes, step, tools};

/// Formatting, clippy without a warning, and the types of what is written in TypeScript. The sides of the application are checked
/// apart, so that their features never unify.
pub fn lint(workspace: &Workspace) -> Result<Count> {
    tools::wasm_target(workspace)?;
    tools::npm_packages(workspace)?;
    let clippy = "clippy --quiet";
    let deny = "-- -D warnings";
    let checks = [
        ("Formatting", "fmt --all --check".to_owned()),
        ("Lints of the application", format!("{clippy} -p app --features ssr --all-targets {deny}")),
        (
            "Lints of the server",
            format!("{clippy} -p server -p bench -p evaluate -p paper -p proctor -p xtask --all-targets {deny}"),
        ),
        (
            "Lints of the frontend",
            format!("{clippy} -p frontend-admin -p frontend-candidate --target {} {deny}", tools::WASM_TARGET),
        ),
        ("Lints of seeing", format!("{clippy} -p proctor --features identity --all-targets {deny}")),
        ("Lints of the vision worker", format!("{clippy} -p proctor-worker --target {} {deny}", tools::WASM_TARGET)),
    ];
    let checks = checks.map(|(name, arguments)| {
        let mut cargo = workspace.cargo();
        cargo.args(arguments.split(' '));
        (name, cargo)
    });
    let mut types = workspace.npm_bin("tsc");
    types.args(["--project", "end2end"]);

    let mut count = Count::default();
    for (name, command) in checks.into_iter().chain([("Types of the end-to-end tests", types)]) {
        if let Err(error) = step::noisy(name, || processes::run(name, command)) {
            if processes::interrupted() {
                return Err(error);
            }
            eprintln!("{error:#}");
            count.failed += 1;
        }
    }
    Ok(count)
}
