//! `test`: formatting, lints, Rust tests over real services, and the end-to-end tests in a real browser.

mod count;
mod lint;
mod playwright;
mod rust;

use anyhow::Result;

use self::count::Count;
use crate::args::Stage;
use crate::processes;
use crate::workspace::Workspace;

/// Runs the stages, all or only one. The last line that it prints is `N passed, N failed`; true means that nothing failed.
///
/// A stage that fails does not keep the next ones from running. One that fails without naming a failed test counts as one.
pub fn test(workspace: &Workspace, only: Option<Stage>, playwright: &[String]) -> Result<bool> {
    let chosen = |stage| only.is_none_or(|only| only == stage);
    let mut total = Count::default();
    if chosen(Stage::Lint) {
        total += lint::lint(workspace)?;
    }
    if chosen(Stage::Rust) {
        total += outcome("Rust tests", rust::tests(workspace))?;
    }
    if chosen(Stage::EndToEnd) {
        total += outcome("End-to-end tests", playwright::run(workspace, playwright))?;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}

/// What could not even be prepared counts as failed, unless it was us who were told to stop.
fn outcome(stage: &str, result: Result<Count>) -> Result<Count> {
    match result {
        Err(error) if !processes::interrupted() => {
            eprintln!("{stage}: {error:#}");
            Ok(Count { passed: 0, failed: 1 })
        }
        result => result,
    }
}
