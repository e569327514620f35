//! Servers written in Go: LiveKit for live video, and FerretDB as the tests' MongoDB.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::processes::{in_path, run_quietly};
use crate::step;
use crate::workspace::Workspace;

const LIVEKIT: &str = "github.com/livekit/livekit-server/cmd/server@v1.13.5";

/// LiveKit's server, or `None` where it cannot be had: interviews then go on without live video.
pub fn livekit(workspace: &Workspace) -> Result<Option<PathBuf>> {
    step::quiet("LiveKit server", |found: &Option<PathBuf>| outcome(found), || {
        let own = workspace.tools_bin().join("livekit-server");
        if let Some(program) = in_path("livekit-server").or_else(|| own.is_file().then(|| own.clone())) {
            return Ok(Some(program));
        }
        if in_path("go").is_none() {
            return Ok(None);
        }
        // Installed under its own name, `server`, in a directory of its own, so that a half-done install is never taken for a tool.
        let dir = workspace.tools.join("livekit");
        let mut go = Command::new("go");
        go.args(["install", LIVEKIT]).env("GOBIN", &dir).current_dir(&workspace.root);
        if let Err(error) = run_quietly("go install", go) {
            ensure!(!crate::processes::interrupted(), "interrupted");
            println!("{error:#}");
            return Ok(None);
        }
        fs::create_dir_all(workspace.tools_bin())?;
        fs::rename(dir.join("server"), &own)?;
        Ok(Some(own))
    })
    .inspect(|found| {
        if found.is_none() {
            println!(
                "  To have live video, put `livekit-server` into PATH (https://get.livekit.io, `brew install livekit`), install Go,\n  \
                 or start the image livekit/livekit-server and set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET."
            );
        }
    })
}

/// FerretDB, built from `tools/ferretdb` when it or its sources are new.
pub fn ferretdb(workspace: &Workspace) -> Result<PathBuf> {
    step::quiet(
        "FerretDB (MongoDB for tests)",
        |_| "ready".to_owned(),
        || {
            let program = workspace.tools_bin().join("ferretdb");
            let source = workspace.root.join("tools").join("ferretdb");
            let lock = fs::read_to_string(source.join("go.sum"))? + &fs::read_to_string(source.join("main.go"))?;
            let stamp = workspace.tools.join("ferretdb.stamp");
            if program.is_file() && fs::read_to_string(&stamp).is_ok_and(|built| built == lock) {
                return Ok(program);
            }
            ensure!(
                in_path("go").is_some(),
                "Go is needed to build FerretDB, which stands in for MongoDB: see https://go.dev/dl"
            );
            fs::create_dir_all(workspace.tools_bin())?;
            run_quietly("go build", go_build(&source, &program))?;
            fs::write(stamp, lock)?;
            Ok(program)
        },
    )
}

fn go_build(source: &Path, program: &Path) -> Command {
    let mut go = Command::new("go");
    go.args(["build", "-trimpath", "-ldflags=-s -w", "-o"]).arg(program).arg(".").current_dir(source);
    go
}

fn outcome(found: &Option<PathBuf>) -> String {
    match found {
        Some(_) => "found".to_owned(),
        None => "not found, going on without live video".to_owned(),
    }
}
