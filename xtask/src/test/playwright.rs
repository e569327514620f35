//! The end-to-end tests: Playwright's fixtures start their own servers, from the executables named here.

use std::fs;

use anyhow::{Context, Result, bail};

use super::count::Count;
use crate::args::Profile;
use crate::processes::{Output, Process};
use crate::scratch::Scratch;
use crate::workspace::Workspace;
use crate::{build, step, tools};

const CONFIG: &str = "end2end/playwright.config.ts";

/// Builds what the tests drive and runs them; `arguments` are Playwright's own.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<Count> {
    if !workspace.root.join(CONFIG).exists() {
        println!("· End-to-end tests … there are none");
        return Ok(Count::default());
    }
    let server = build::build(workspace, Profile::Dev)?;
    let ferretdb = tools::ferretdb(workspace)?;
    let Some(livekit) = tools::livekit(workspace)? else { bail!("the end-to-end tests need a LiveKit server") };
    let chromium = tools::chromium(workspace)?;

    let scratch = Scratch::new(workspace, "playwright")?;
    let report = scratch.join("report.json");
    let mut playwright = workspace.npm_bin("playwright");
    playwright.args(["test", "-c", CONFIG, "--reporter=list,json"]).args(arguments);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    playwright.env("SERVER_BIN", server).env("LIVEKIT_BIN", livekit).env("FERRETDB_BIN", ferretdb);
    playwright.env("LEPTOS_SITE_ROOT", workspace.site());
    if let Some(chromium) = chromium {
        playwright.env("CHROMIUM_BIN", chromium);
    }
    step::noisy("End-to-end tests", || {
        let success = Process::spawn("Playwright", playwright, Output::Inherit)?.wait()?.success();
        let text = fs::read_to_string(&report).context("Playwright left no report")?;
        let count =
            Count::from_playwright(&serde_json::from_str(&text)?).context("Playwright's report has no figures")?;
        Ok(count.with_outcome(success))
    })
}
