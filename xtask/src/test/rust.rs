//! The Rust tests, beside a MongoDB and a LiveKit of their own.

use std::process::Command;

use anyhow::{Result, bail};

use super::count::Count;
use crate::processes;
use crate::scratch::Scratch;
use crate::workspace::Workspace;
use crate::{ferretdb, livekit, models, step, tools};

/// The tests of all crates, with the addresses of freshly started services in the environment.
///
/// `--tests` stands where the docs have no examples to run: looking for them reads the whole crate once more.
pub fn tests(workspace: &Workspace) -> Result<Count> {
    models::make(workspace)?;
    tools::npm_packages(workspace)?;
    let ferretdb = tools::ferretdb(workspace)?;
    let Some(livekit) = tools::livekit(workspace)? else { bail!("the tests need a LiveKit server") };
    let scratch = Scratch::new(workspace, "test")?;
    let database = ferretdb::start(&ferretdb, &scratch.join("ferretdb"))?;
    let media = livekit::start(&livekit, &scratch.join("livekit.yaml"), livekit::Ports::Any, None)?;

    let mut total = Count::default();
    for (name, arguments) in [
        ("Tests of the application", "test -p app --features ssr --tests"),
        ("Tests of the server", "test -p server --tests"),
        ("Tests of the evaluator", "test -p evaluate --tests"),
        ("Tests of the reports on paper", "test -p paper"),
        ("Tests of proctoring", "test -p proctor --features identity --tests"),
        ("Tests of the benchmarks", "test -p bench --tests"),
        ("Tests of xtask", "test -p xtask"),
    ] {
        let mut cargo = workspace.cargo();
        cargo.args(arguments.split(' ')).arg("--no-fail-fast");
        cargo.env("TEST_MONGODB_URI", &database.uri).env("TEST_LIVEKIT_URL", &media.url);
        cargo.env("TEST_MODELS_DIR", models::directory(workspace));
        cargo.env("TEST_LIVEKIT_API_KEY", &media.api_key).env("TEST_LIVEKIT_API_SECRET", &media.api_secret);
        total += step::noisy(name, || counted(name, cargo))?;
    }
    Ok(total)
}

/// Runs `cargo test`, shows what it says and counts the tests.
fn counted(name: &str, command: Command) -> Result<Count> {
    let mut count = Count::default();
    let status = processes::run_with_lines(name, command, |line| {
        println!("{line}");
        if let Some(result) = Count::from_cargo(line) {
            count += result;
        }
    })?;
    Ok(count.with_outcome(status.success()))
}
