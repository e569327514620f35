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

pub use self::versions::check as check_versions;
use crate::args::Profile;
use crate::step;
use crate::workspace::Workspace;

/// What browsers run: candidates and hiring people each load their own, and no more.
pub const PROGRAMS: [&str; 2] = ["candidate", "admin"];

/// Makes the site from the compiled WebAssembly of each of the [`PROGRAMS`]; does nothing when no input changed since the
/// last time.
pub fn make(workspace: &Workspace, profile: Profile, compiled: &[(&str, PathBuf)]) -> Result<()> {
    let glue = workspace.target.join("site-build").join(match profile {
        Profile::Dev => "dev",
        Profile::Release => "release",
    });
    let mut stamps = Vec::new();
    for (name, wasm) in compiled {
        let glue = glue.join(name);
        let bindings = stamp::of(&[wasm])?;
        let bindings_stamp = glue.join("stamp");
        if !stamp::holds(&bindings_stamp, &bindings) {
            let title = format!("Bindings of {name}");
            step::quiet(&title, |()| "made".to_owned(), || bindgen::generate(wasm, name, &glue))?;
            if profile == Profile::Release {
                let optimise = || bindgen::optimise(workspace, name, &glue);
                step::quiet(&format!("wasm-opt of {name}"), |()| "done".to_owned(), optimise)?;
            }
            stamp::write(&bindings_stamp, &bindings)?;
        }
        stamps.push(bindings_stamp);
    }

    let root = &workspace.root;
    let sources = [
        "frontend/candidate/boot.js",
        "frontend/admin/boot.js",
        "app/src/browser/editor",
        "style",
        "public",
        "package.json",
        "package-lock.json",
    ];
    let sources = sources.map(|path| root.join(path));
    let mut inputs: Vec<&Path> = sources.iter().map(|path| path.as_path()).collect();
    inputs.extend(stamps.iter().map(PathBuf::as_path));
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
