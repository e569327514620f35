//! From cargo's WebAssembly to a module with its JavaScript side, and, for release, to a smaller one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::processes;
use crate::workspace::Workspace;

/// What rustc lets LLVM use for `wasm32-unknown-unknown`, and what every browser with these has anyway.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Writes `NAME.js`, `NAME_bg.wasm` and the crates' JavaScript snippets into an emptied `glue`.
pub fn generate(wasm: &Path, name: &str, glue: &Path) -> Result<()> {
    if glue.exists() {
        fs::remove_dir_all(glue).with_context(|| format!("emptying {}", glue.display()))?;
    }
    fs::create_dir_all(glue)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .remove_producers_section(true)
        .generate(glue)
        .context("wasm-bindgen")
}

/// Shrinks the module `NAME_bg.wasm` in place.
pub fn optimise(workspace: &Workspace, name: &str, glue: &Path) -> Result<()> {
    let module = glue.join(format!("{name}_bg.wasm"));
    let mut command = workspace.npm_bin("wasm-opt");
    // Going over it twice, flattened first, saves some more kilobytes than `-Oz` alone.
    command.args(["--flatten", "--rereloop", "-Oz", "-Oz"]).args(FEATURES).arg(&module).arg("-o").arg(&module);
    processes::run_quietly("wasm-opt", command)
}
