//! The site: what the server hands to browsers, made in `target/site`.
//!
//! The compiled WebAssembly gets its JavaScript side from wasm-bindgen, the bundler joins that with the boot script, the npm
//! packages and the styles under names that carry a hash, and `manifest.json` tells the server those names.

mod bindgen;
mod bundle;
mod compress;
mod manifest;
mod output;
mod stamp;
mod versions;

use std::path::{Path, PathBuf};

use anyhow::Result;

use self::bindgen::Module;
pub use self::versions::check as check_versions;
use crate::args::Profile;
use crate::models;
use crate::step;
use crate::workspace::Workspace;

/// What browsers run: candidates and hiring people each load their own, and no more.
pub const PROGRAMS: [&str; 2] = ["candidate", "admin"];

/// The name of the files that say of what something was made.
const STAMP: &str = "stamp";

/// Makes the site from the compiled WebAssembly of each of the [`PROGRAMS`] and of the worker that sees faces; does nothing when
/// no input changed since the last time.
pub fn make(
    workspace: &Workspace,
    profile: Profile,
    programs: &[(&'static str, PathBuf)],
    worker: &Path,
) -> Result<()> {
    let build = workspace.target.join("site-build");
    let glue = build.join(match profile {
        Profile::Dev => "dev",
        Profile::Release => "release",
    });
    // The worker is the same in all builds.
    let worker_glue = self::worker(workspace);
    let mut made = vec![worker_glue.join(STAMP), models::directory(workspace)];
    bind(workspace, &bindgen::WORKER, worker, &worker_glue, true)?;
    for (name, wasm) in programs {
        let module = bindgen::Module { name, passes: bindgen::SMALL };
        let glue = glue.join(name);
        bind(workspace, &module, wasm, &glue, profile == Profile::Release)?;
        made.push(glue.join(STAMP));
    }

    let root = &workspace.root;
    let sources = [
        "frontend/candidate/boot.js",
        "frontend/admin/boot.js",
        "proctor-worker/script",
        "app/src/browser/proctor",
        "app/src/browser/editor",
        "app/src/browser/database.js",
        "style",
        "public",
        "package.json",
        "package-lock.json",
    ];
    let sources = sources.map(|path| root.join(path));
    let mut inputs: Vec<&Path> = sources.iter().map(|path| path.as_path()).collect();
    inputs.extend(made.iter().map(PathBuf::as_path));
    let inputs = stamp::of(&inputs)?;
    let site_stamp = build.join(STAMP);
    let complete = stamp::holds(&site_stamp, &inputs) && output::is_complete(&workspace.site());
    if complete {
        println!("· Site … unchanged");
        return Ok(());
    }
    step::quiet(
        "Site",
        |manifest: &manifest::Manifest| format!("{} files", manifest.files.len()),
        || {
            let manifest = bundle::bundle(workspace, profile, &glue, &worker_glue)?;
            output::publish(workspace, profile, &manifest)?;
            stamp::write(&site_stamp, &inputs)?;
            Ok(manifest)
        },
    )?;
    if profile == Profile::Release {
        output::print_sizes(&workspace.site())?;
    }
    Ok(())
}

/// Where the module that sees faces lies with its JavaScript side.
pub fn worker(workspace: &Workspace) -> PathBuf {
    workspace.target.join("site-build").join("worker")
}

/// Gives a module its JavaScript side in `glue`, unless that was made from the same module.
fn bind(workspace: &Workspace, module: &Module, wasm: &Path, glue: &Path, optimised: bool) -> Result<()> {
    let bindings = stamp::of(&[wasm])?;
    let bindings_stamp = glue.join(STAMP);
    if stamp::holds(&bindings_stamp, &bindings) {
        return Ok(());
    }
    let title = |step: &str| format!("{step} of {}", module.name);
    step::quiet(&title("Bindings"), |()| "made".to_owned(), || bindgen::generate(module, wasm, glue))?;
    if optimised {
        let optimise = || bindgen::optimise(workspace, module, glue);
        step::quiet(&title("wasm-opt"), |()| "done".to_owned(), optimise)?;
    }
    stamp::write(&bindings_stamp, &bindings)
}
