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

use std::path::Path;

use anyhow::Result;

pub use self::versions::check as check_versions;
use crate::args::Profile;
use crate::step;
use crate::workspace::Workspace;

/// Makes the site from the compiled WebAssembly; does nothing when no input changed since the last time.
pub fn make(workspace: &Workspace, profile: Profile, wasm: &Path) -> Result<()> {
    let glue = workspace.target.join("site-build").join(match profile {
        Profile::Dev => "dev",
        Profile::Release => "release",
    });
    let bindings = stamp::of(&[wasm])?;
    let bindings_stamp = glue.join("stamp");
    if !stamp::holds(&bindings_stamp, &bindings) {
        step::quiet("Bindings", |()| "made".to_owned(), || bindgen::generate(wasm, &glue))?;
        if profile == Profile::Release {
            let optimise = || bindgen::optimise(workspace, &glue);
            step::quiet("wasm-opt", |()| "done".to_owned(), optimise)?;
        }
        stamp::write(&bindings_stamp, &bindings)?;
    }

    let root = &workspace.root;
    let sources =
        ["frontend/boot.js", "app/src/browser/editor", "style", "public", "package.json", "package-lock.json"];
    let sources = sources.map(|path| root.join(path));
    let mut inputs: Vec<&Path> = sources.iter().map(|path| path.as_path()).collect();
    inputs.push(&bindings_stamp);
    let inputs = stamp::of(&inputs)?;
    let site_stamp = workspace.target.join("site-build").join("stamp");
    let complete = stamp::holds(&site_stamp, &inputs) && output::is_complete(&workspace.site());
    if complete {
        println!("· Site … unchanged");
        return Ok(());
    }
    step::quiet(
        "Site",
        |manifest: &manifest::Manifest| format!("{} files", manifest.files.len()),
        || {
            let manifest = bundle::bundle(workspace, profile, &glue)?;
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
