//! `manifest.json`: the hashed names, for the server to write into its pages.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::PROGRAMS;

/// Names of the bundle's files, without a directory.
#[derive(Debug, PartialEq, Eq)]
pub struct Manifest {
    /// One for each of the [`PROGRAMS`], in their order.
    pub programs: Vec<Program>,
    pub style: String,
    /// Every file of the bundle, those above and the worker's included.
    pub files: Vec<String>,
}

/// What the pages of a program load first.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    pub name: &'static str,
    pub boot: String,
    pub wasm: String,
    /// What `boot` imports statically, directly or not.
    pub preload: Vec<String>,
}

/// The program's first script.
pub fn boot_script(program: &str) -> String {
    format!("frontend/{program}/boot.js")
}

impl Manifest {
    /// Reads esbuild's description of the pages' outputs and of the worker's.
    pub fn from_metafiles(pages: &Value, worker: &Value) -> Result<Self> {
        let style = entry(pages, "style/main.css")?;
        let outputs = outputs(pages)?;
        let paths = outputs.keys().chain(self::outputs(worker)?.keys());
        let files: Vec<String> = paths.map(|path| file_name(path).to_owned()).collect();
        let programs = PROGRAMS.map(|name| {
            let boot = entry(pages, &boot_script(name))?;
            let start = format!("{name}_bg-");
            let wasm = files.iter().find(|file| file.starts_with(&start) && file.ends_with(".wasm"));
            let wasm = wasm.with_context(|| format!("the bundle has no {name}_bg.wasm"))?.clone();
            Ok(Program { name, preload: static_imports(outputs, boot), boot: boot.to_owned(), wasm })
        });
        Ok(Self { programs: programs.into_iter().collect::<Result<_>>()?, style: style.to_owned(), files })
    }

    /// The file's content: addresses as a page refers to them, and of all files, so that it shows when one is gone.
    pub fn to_json(&self) -> Value {
        let address = |name: &String| format!("/pkg/{name}");
        let programs = self.programs.iter().map(|program| {
            let preload = program.preload.iter().map(address).collect::<Vec<_>>();
            let loads = json!({"boot": address(&program.boot), "wasm": address(&program.wasm), "preload": preload});
            (program.name.to_owned(), loads)
        });
        let style = ("style".to_owned(), Value::String(address(&self.style)));
        let files = ("files".to_owned(), self.files.iter().map(address).collect());
        Value::Object(programs.chain([style, files]).collect())
    }
}

fn outputs(meta: &Value) -> Result<&Map<String, Value>> {
    meta["outputs"].as_object().context("esbuild's metafile lists no outputs")
}

/// The name of what was made of an entry point.
pub fn entry<'a>(meta: &'a Value, source: &str) -> Result<&'a str> {
    for (path, output) in outputs(meta)? {
        if output["entryPoint"].as_str() == Some(source) {
            return Ok(file_name(path));
        }
    }
    bail!("esbuild made nothing of {source}")
}

fn static_imports(outputs: &Map<String, Value>, boot: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = vec![boot.to_owned()];
    while let Some(name) = open.pop() {
        let output = outputs.iter().find(|(path, _)| file_name(path) == name);
        let imports = output.and_then(|(_, output)| output["imports"].as_array());
        for import in imports.into_iter().flatten() {
            let imported = import["path"].as_str().map(file_name).unwrap_or_default();
            let is_static = import["kind"] == "import-statement" && import["external"] != true;
            if is_static && imported != boot && !found.iter().any(|name| name == imported) {
                found.push(imported.to_owned());
                open.push(imported.to_owned());
            }
        }
    }
    found.sort();
    found
}

/// esbuild gives paths relative to where it ran; outputs all lie in one directory.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metafile() -> Value {
        json!({"outputs": {
            "target/site/pkg/boot-C.js": {"entryPoint": "frontend/candidate/boot.js", "imports": [
                {"path": "target/site/pkg/chunk-1.js", "kind": "import-statement"},
                {"path": "target/site/pkg/livekit-L.js", "kind": "dynamic-import"},
                {"path": "target/site/pkg/candidate_bg-W.wasm", "kind": "file-loader"}]},
            "target/site/pkg/boot-A.js": {"entryPoint": "frontend/admin/boot.js", "imports": [
                {"path": "target/site/pkg/admin_bg-V.wasm", "kind": "file-loader"}]},
            "target/site/pkg/chunk-1.js": {"imports": [
                {"path": "target/site/pkg/chunk-2.js", "kind": "import-statement"}]},
            "target/site/pkg/chunk-2.js": {"imports": [
                {"path": "target/site/pkg/chunk-1.js", "kind": "import-statement"}]},
            "target/site/pkg/livekit-L.js": {"imports": []},
            "target/site/pkg/candidate_bg-W.wasm": {"imports": []},
            "target/site/pkg/admin_bg-V.wasm": {"imports": []},
            "target/site/pkg/main-M.css": {"entryPoint": "style/main.css", "imports": []},
        }})
    }

    #[test]
    fn addresses_carry_the_hashed_names_and_only_static_imports_are_preloaded() {
        let worker = json!({"outputs": {"target/site/pkg/proctor-P.js": {}, "target/site/pkg/faces-F.onnx": {}}});
        let manifest = Manifest::from_metafiles(&metafile(), &worker).unwrap();
        let expected = json!({
            "candidate": {
                "boot": "/pkg/boot-C.js", "wasm": "/pkg/candidate_bg-W.wasm", "preload": ["/pkg/chunk-1.js", "/pkg/chunk-2.js"],
            },
            "admin": {"boot": "/pkg/boot-A.js", "wasm": "/pkg/admin_bg-V.wasm", "preload": []},
            "style": "/pkg/main-M.css",
        });
        let mut written = manifest.to_json();
        let files = written.as_object_mut().unwrap().remove("files").unwrap();
        assert_eq!(written, expected);
        let files = files.as_array().unwrap();
        assert_eq!((files.len(), files.contains(&json!("/pkg/proctor-P.js"))), (10, true));
    }

    #[test]
    fn a_bundle_without_the_module_is_an_error() {
        let mut meta = metafile();
        meta["outputs"].as_object_mut().unwrap().remove("target/site/pkg/admin_bg-V.wasm");
        assert!(Manifest::from_metafiles(&meta, &json!({"outputs": {}})).is_err());
    }
}
