//! esbuild: scripts, npm packages and styles become a few files whose names carry a hash of their content.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::PROGRAMS;
use super::manifest::{self, Manifest, boot_script};
use crate::args::Profile;
use crate::models;
use crate::processes;
use crate::workspace::Workspace;

/// Files that styles and scripts refer to, copied under a hashed name.
const FILE_ENDINGS: [&str; 8] = ["wasm", "onnx", "woff2", "svg", "png", "webp", "avif", "ico"];

/// The worker that watches a proctored interview.
const WORKER: &str = "proctor-worker/script/proctor.js";

/// Bundles into `target/site/pkg`, beside whatever is there. The worker comes first: pages know it by its name.
pub fn bundle(workspace: &Workspace, profile: Profile, glue: &Path, worker_glue: &Path) -> Result<Manifest> {
    fs::create_dir_all(pkg(workspace))?;
    let mut worker = esbuild(workspace, profile)?;
    worker.arg(WORKER);
    worker.arg(format!("--alias:worker-build={}", worker_glue.display()));
    worker.arg(format!("--alias:vision-models={}", models::directory(workspace).display()));
    let worker = run(workspace, worker, "worker")?;
    let address = format!("/pkg/{}", manifest::entry(&worker, WORKER)?);

    let mut pages = esbuild(workspace, profile)?;
    pages.args(PROGRAMS.map(boot_script));
    pages.args(["style/main.css", "--splitting"]);
    pages.arg(format!("--alias:site-build={}", glue.display()));
    // wasm-bindgen takes along only the scripts that Rust binds to, not what they import when it is needed.
    pages.arg("--alias:code-editor=./app/src/browser/editor/codemirror.js");
    pages.arg("--alias:proctor-page=./app/src/browser/proctor/watching.js");
    pages.arg(format!("--define:PROCTOR_WORKER={}", Value::String(address)));
    let pages = run(workspace, pages, "pages")?;
    Manifest::from_metafiles(&pages, &worker)
}

fn esbuild(workspace: &Workspace, profile: Profile) -> Result<Command> {
    let mut esbuild = workspace.npm_bin("esbuild");
    esbuild.args(["--bundle", "--format=esm", "--target=es2022"]);
    esbuild.args(["--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--asset-names=[name]-[hash]"]);
    esbuild.args(["--public-path=/pkg", "--log-level=warning", "--legal-comments=linked"]);
    esbuild.arg(format!("--outdir={}", pkg(workspace).display()));
    esbuild.args(FILE_ENDINGS.map(|ending| format!("--loader:.{ending}=file")));
    esbuild.args(public_files(&workspace.root.join("public"))?);
    if profile == Profile::Release {
        esbuild.arg("--minify");
    }
    esbuild.arg("--alias:browser-database=./app/src/browser/database.js");
    // The glue lies in the target directory, which need not be inside the repository.
    esbuild.env("NODE_PATH", workspace.node_modules());
    Ok(esbuild)
}

/// Runs it, and gives its description of what it made.
fn run(workspace: &Workspace, mut esbuild: Command, name: &str) -> Result<Value> {
    let metafile = workspace.target.join("site-build").join(format!("{name}.json"));
    esbuild.arg(format!("--metafile={}", metafile.display()));
    processes::run_quietly("esbuild", esbuild)?;
    let meta = fs::read_to_string(&metafile).context("reading what esbuild made")?;
    Ok(serde_json::from_str(&meta)?)
}

fn pkg(workspace: &Workspace) -> PathBuf {
    workspace.site().join("pkg")
}

/// Addresses of the public files, which esbuild leaves as they are written.
fn public_files(public: &Path) -> Result<Vec<String>> {
    if !public.exists() {
        return Ok(Vec::new());
    }
    let external = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.path().is_dir() { format!("--external:/{name}/*") } else { format!("--external:/{name}") }
    };
    fs::read_dir(public)?.map(|entry| Ok(external(entry?))).collect()
}
