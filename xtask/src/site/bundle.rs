//! esbuild: scripts, npm packages and styles become a few files whose names carry a hash of their content.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::PROGRAMS;
use super::manifest::{Manifest, boot_script};
use crate::args::Profile;
use crate::models;
use crate::processes;
use crate::workspace::Workspace;

/// Files that styles and scripts refer to, copied under a hashed name.
const FILE_ENDINGS: [&str; 8] = ["wasm", "onnx", "woff2", "svg", "png", "webp", "avif", "ico"];

/// Bundles into `target/site/pkg`, beside whatever is there.
pub fn bundle(workspace: &Workspace, profile: Profile, glue: &Path, worker_glue: &Path) -> Result<Manifest> {
    let pkg = workspace.site().join("pkg");
    fs::create_dir_all(&pkg)?;
    let metafile = workspace.target.join("site-build").join("meta.json");

    let mut esbuild = workspace.npm_bin("esbuild");
    esbuild.args(PROGRAMS.map(boot_script));
    esbuild.args(["proctor-worker/proctor.js", "style/main.css"]);
    esbuild.args(["--bundle", "--splitting", "--format=esm", "--target=es2022"]);
    esbuild.args(["--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--asset-names=[name]-[hash]"]);
    esbuild.args(["--public-path=/pkg", "--log-level=warning", "--legal-comments=linked"]);
    esbuild.arg(format!("--outdir={}", pkg.display()));
    esbuild.arg(format!("--metafile={}", metafile.display()));
    esbuild.arg(format!("--alias:site-build={}", glue.display()));
    esbuild.arg(format!("--alias:worker-build={}", worker_glue.display()));
    esbuild.arg(format!("--alias:vision-models={}", models::directory(workspace).display()));
    // wasm-bindgen takes along only the scripts that Rust binds to, not what they import when it is needed.
    esbuild.arg("--alias:code-editor=./app/src/browser/editor/codemirror.js");
    esbuild.args(FILE_ENDINGS.map(|ending| format!("--loader:.{ending}=file")));
    esbuild.args(public_files(&workspace.root.join("public"))?);
    if profile == Profile::Release {
        esbuild.arg("--minify");
    }
    // The glue lies in the target directory, which need not be inside the repository.
    esbuild.env("NODE_PATH", workspace.node_modules());
    processes::run_quietly("esbuild", esbuild)?;

    let meta = fs::read_to_string(&metafile).context("reading what esbuild made")?;
    Manifest::from_metafile(&serde_json::from_str(&meta)?)
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
