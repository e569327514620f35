//! `bench`: the figures of a release build, measured by the `bench` crate.

use anyhow::Result;

use crate::args::Profile;
use crate::processes;
use crate::scratch::Scratch;
use crate::workspace::Workspace;
use crate::{build, ferretdb, models, photos, site, step, tools};

/// Measures the named figures, or all of them; `target/bench.json` receives them.
pub fn bench(workspace: &Workspace, names: &[String]) -> Result<()> {
    let ferretdb = tools::ferretdb(workspace)?;
    let server = build::build(workspace, Profile::Release)?;
    let chromium = tools::chromium(workspace)?;
    let photos = photos::fetch(workspace)?;
    let scratch = Scratch::new(workspace, "bench")?;
    let database = ferretdb::start(&ferretdb, &scratch.join("ferretdb"))?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--release", "--package", "bench", "--"]).args(names);
    cargo.env("MONGODB_URI", &database.uri).env("SITE_DIR", workspace.site());
    cargo
        .env("VISION_DIR", photos)
        .env("MODELS_DIR", models::directory(workspace))
        .env("WORKER_DIR", site::worker(workspace));
    cargo.env("SERVER_BIN", server).env("LEPTOS_SITE_ROOT", workspace.site());
    if let Some(chromium) = chromium {
        cargo.env("CHROMIUM_BIN", chromium);
    }
    step::noisy("Benchmarks", || processes::run("the benchmarks", cargo))
}
