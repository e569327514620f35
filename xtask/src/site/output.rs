//! The finished directory: public files, bundle, compressed copies, manifest, and nothing of earlier builds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::manifest::Manifest;
use super::{PROGRAMS, compress};
use crate::args::Profile;
use crate::workspace::Workspace;

const MANIFEST: &str = "manifest.json";

/// Completes `target/site` around a fresh bundle. The manifest is replaced in one step, after the files that it names.
pub fn publish(workspace: &Workspace, profile: Profile, manifest: &Manifest) -> Result<()> {
    let site = workspace.site();
    let mut keep: BTreeSet<PathBuf> = manifest.files.iter().map(|name| site.join("pkg").join(name)).collect();
    let public = workspace.root.join("public");
    for file in files(&public)? {
        let copy = site.join(file.strip_prefix(&public)?);
        if let Some(dir) = copy.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::copy(&file, &copy).with_context(|| format!("copying {}", file.display()))?;
        keep.insert(copy);
    }
    if profile == Profile::Release {
        for file in keep.clone() {
            if compress::is_worth_it(&file, fs::metadata(&file)?.len()) {
                compress::compress(&file)?;
                keep.extend(compress::copies(&file));
            }
        }
    }
    let draft = workspace.target.join("site-build").join(MANIFEST);
    fs::write(&draft, format!("{:#}\n", manifest.to_json()))?;
    fs::rename(&draft, site.join(MANIFEST))?;
    keep.insert(site.join(MANIFEST));
    for file in files(&site)?.difference(&keep) {
        fs::remove_file(file).with_context(|| format!("removing {}", file.display()))?;
    }
    Ok(())
}

/// Whether the manifest and all files of the bundle, which it names, are there.
pub fn is_complete(site: &Path) -> bool {
    bundle_of(site).is_ok_and(|files| files.iter().all(|file| file.is_file()))
}

/// Prints what a first visit downloads.
pub fn print_sizes(site: &Path) -> Result<()> {
    let size = |file: &Path| Ok::<_, anyhow::Error>(fs::metadata(file)?.len());
    for program in PROGRAMS {
        let mut first_load = 0;
        for file in first_load_of(site, program)? {
            let [brotli, _] = compress::copies(&file);
            first_load += if brotli.is_file() { size(&brotli)? } else { size(&file)? };
        }
        println!("  first load of {program} (scripts, WebAssembly, styles): {} in brotli", kilobytes(first_load));
    }
    Ok(())
}

fn bundle_of(site: &Path) -> Result<Vec<PathBuf>> {
    let manifest = manifest(site)?;
    let files = manifest["files"].as_array().context("the manifest names no files")?;
    files.iter().map(|address| at(site, address)).collect()
}

fn first_load_of(site: &Path, program: &str) -> Result<Vec<PathBuf>> {
    let manifest = manifest(site)?;
    let program = &manifest[program];
    let named = [&program["boot"], &program["wasm"], &manifest["style"]].into_iter();
    let preloaded = program["preload"].as_array().into_iter().flatten();
    named.chain(preloaded).map(|address| at(site, address)).collect()
}

fn manifest(site: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(site.join(MANIFEST))?)?)
}

/// Where the file with an address in the manifest lies.
fn at(site: &Path, address: &Value) -> Result<PathBuf> {
    let address = address.as_str().context("the manifest names a file with something else than a string")?;
    Ok(site.join(address.trim_start_matches('/')))
}

fn files(dir: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    if !dir.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.append(&mut files(&path)?);
        } else {
            found.insert(path);
        }
    }
    Ok(found)
}

/// 1 KB is 1,024 bytes here.
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_complete_only_with_every_named_file() {
        let site = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        fs::create_dir_all(site.join("pkg")).unwrap();
        assert!(!is_complete(&site));
        // What browsers load later, as the worker is, belongs to it.
        let manifest = r#"{"style": "/pkg/m.css", "files": ["/pkg/m.css", "/pkg/proctor.js", "/pkg/faces.onnx"]}"#;
        fs::write(site.join(MANIFEST), manifest).unwrap();
        for name in ["m.css", "proctor.js", "faces.onnx"] {
            assert!(!is_complete(&site), "without {name}");
            fs::write(site.join("pkg").join(name), "").unwrap();
        }
        assert!(is_complete(&site));
        fs::remove_dir_all(site).unwrap();
    }
}
