//! `build`: the server and the site that it serves.

use std::path::PathBuf;

use anyhow::Result;

use crate::args::Profile;
use crate::processes;
use crate::workspace::Workspace;
use crate::{models, site, step, tools};

/// Builds everything, and gives the server's executable.
pub fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let server = server(workspace, profile)?;
    site(workspace, profile)?;
    Ok(server)
}

/// Compiles the server, and gives its executable.
pub fn server(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server"]).args(release_flag(profile));
    step::noisy("Server", || processes::run("cargo build of the server", cargo))?;
    let dir = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(workspace.target.join(dir).join(format!("server{}", std::env::consts::EXE_SUFFIX)))
}

/// Compiles the browser's side and bundles it with scripts, styles and public files into `target/site`.
pub fn site(workspace: &Workspace, profile: Profile) -> Result<()> {
    site::check_versions(workspace)?;
    tools::wasm_target(workspace)?;
    tools::npm_packages(workspace)?;
    models::make(workspace)?;
    let programs = wasm(workspace, profile)?;
    let worker = worker(workspace)?;
    site::make(workspace, profile, &programs, &worker)
}

fn wasm(workspace: &Workspace, profile: Profile) -> Result<Vec<(&'static str, PathBuf)>> {
    let name = match profile {
        Profile::Dev => "wasm-dev",
        Profile::Release => "wasm-release",
    };
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--target", tools::WASM_TARGET, "--profile", name]);
    cargo.args(site::PROGRAMS.map(|program| format!("--package=frontend-{program}")));
    step::noisy("WebAssembly", || processes::run("cargo build of the frontend", cargo))?;
    let dir = workspace.target.join(tools::WASM_TARGET).join(name);
    Ok(site::PROGRAMS.map(|program| (program, dir.join(format!("frontend_{program}.wasm")))).into())
}

/// The module that sees faces. It is fast even in a development build, where it would be of no use otherwise; a directory of its
/// own keeps its compiler options from undoing the frontend's build.
fn worker(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("worker");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "proctor-worker", "--target", tools::WASM_TARGET, "--profile", "wasm-worker"]);
    cargo.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", "-C target-feature=+simd128");
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    step::noisy("Vision in WebAssembly", || processes::run("cargo build of the vision worker", cargo))?;
    Ok(target.join(tools::WASM_TARGET).join("wasm-worker").join("proctor_worker.wasm"))
}

fn release_flag(profile: Profile) -> Option<&'static str> {
    (profile == Profile::Release).then_some("--release")
}
