//! From cargo's WebAssembly to a module with its JavaScript side, and, for release, to a smaller one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::processes;
use crate::workspace::Workspace;

/// A crate's WebAssembly on its way into the site.
pub struct Module {
    /// Its name without an ending; scripts import `<name>.js` and `<name>_bg.wasm`.
    pub name: &'static str,
    /// What wasm-opt is told beside the features.
    pub passes: &'static [&'static str],
}

/// Going over it twice, flattened first, saves some more kilobytes than `-Oz` alone.
pub const SMALL: &[&str] = &["--flatten", "--rereloop", "-Oz", "-Oz"];

/// Speed counts, and vectors are used.
pub const WORKER: Module = Module { name: "proctor_worker", passes: &["--enable-simd", "-O3"] };

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

/// Writes the module, its JavaScript and the crates' JavaScript snippets into an emptied `glue`.
pub fn generate(module: &Module, wasm: &Path, glue: &Path) -> Result<()> {
    if glue.exists() {
        fs::remove_dir_all(glue).with_context(|| format!("emptying {}", glue.display()))?;
    }
    fs::create_dir_all(glue)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(module.name)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .remove_producers_section(true)
        .generate(glue)
        .context("wasm-bindgen")
}

/// Shrinks the module in place.
pub fn optimise(workspace: &Workspace, module: &Module, glue: &Path) -> Result<()> {
    let file = glue.join(format!("{}_bg.wasm", module.name));
    let mut command = workspace.npm_bin("wasm-opt");
    command.args(module.passes).args(FEATURES).arg(&file).arg("-o").arg(&file);
    processes::run_quietly("wasm-opt", command)
}
