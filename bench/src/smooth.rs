//! How smooth a candidate's page stays while it is watched, in a real browser: Playwright drives it (`end2end/measure`).

use std::{collections::BTreeMap, fs, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{figures::Figures, place::Place};

/// Of the page's own thread, while one face is watched and somebody types: the longest task (ms; 0: none of 50 ms or more), and
/// frames per second. The same of a page that is not proctored.
pub const NAMES: [&str; 4] = [
    "main_thread_long_task_ms",
    "frames_per_second",
    "main_thread_long_task_unproctored_ms",
    "frames_per_second_unproctored",
];

/// Measures in the browser that `CHROMIUM_BIN` names, or in Playwright's own.
pub fn measure(place: &Place, figures: &mut Figures) -> Result<()> {
    let dir = place.new_dir();
    fs::create_dir_all(&dir)?;
    let found = dir.join("smooth.json");
    let status = Command::new("npx")
        .args(["playwright", "test", "-c", "end2end/measure.config.ts", "--output"])
        .arg(dir.join("output"))
        .env("FIGURES", &found)
        .status()
        .context("starting Playwright")?;
    ensure!(status.success(), "Playwright failed");
    let found: BTreeMap<String, f64> =
        serde_json::from_slice(&fs::read(&found).context("Playwright gave no figures")?)?;
    for name in NAMES {
        figures.set(name, *found.get(name).with_context(|| format!("Playwright did not give {name}"))?);
    }
    Ok(())
}
