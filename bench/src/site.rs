//! What a first visit downloads.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use app::service::Assets;

pub const NAME: &str = "wasm_first_load_brotli_kb";

/// Kilobytes (1,024 bytes) that a browser with an empty cache loads before its program runs: the start script with all
/// that it imports at once, the WebAssembly module and the styles, compressed with brotli. Of the candidates' and the
/// admins' programs the larger one.
///
/// # Errors
/// Also for a site of a development build, which is not compressed.
pub fn first_load_kb(site: &Path) -> Result<f64> {
    let manifest = site.join("manifest.json");
    let text = fs::read(&manifest).with_context(|| format!("reading {}", manifest.display()))?;
    let assets: Assets = serde_json::from_slice(&text)?;
    let mut largest = 0;
    for program in [&assets.candidate, &assets.admin] {
        let program = program.as_ref().context("a program is missing in the manifest: build the site again")?;
        // A small file may stand in the list twice and is loaded once.
        let addresses: BTreeSet<_> =
            program.preload.iter().chain([&program.boot, &program.wasm, &assets.style]).collect();
        let mut bytes = 0;
        for address in addresses {
            bytes += sent(&site.join(address.trim_start_matches('/')))?;
        }
        largest = largest.max(bytes);
    }
    Ok(largest as f64 / 1024.0)
}

/// Kilobytes of the worker that sees faces, with its WebAssembly and its models, compressed with brotli.
///
/// # Errors
/// Also for a site of a development build, which is not compressed.
pub fn worker_kb(site: &Path) -> Result<f64> {
    let mut bytes = 0;
    for entry in fs::read_dir(site.join("pkg"))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_part = WORKER.iter().any(|(start, end)| name.starts_with(start) && name.ends_with(end));
        bytes += if is_part { sent(&file)? } else { 0 };
    }
    Ok(bytes as f64 / 1024.0)
}

/// How the names of the worker's files begin and end.
const WORKER: [(&str, &str); 4] =
    [("proctor-", ".js"), ("proctor_worker_bg-", ".wasm"), ("blazeface-", ".onnx"), ("facemesh-", ".onnx")];

/// Bytes on the wire. Tiny files are sent as they are.
fn sent(file: &Path) -> Result<u64> {
    let mut compressed = file.as_os_str().to_owned();
    compressed.push(".br");
    if let Ok(found) = fs::metadata(PathBuf::from(compressed)) {
        return Ok(found.len());
    }
    let plain = fs::metadata(file).with_context(|| format!("looking at {}", file.display()))?.len();
    anyhow::ensure!(plain <= TINY, "{} is not compressed: the site must be a release build", file.display());
    Ok(plain)
}

/// Up to this many bytes a file may stand without a compressed copy.
const TINY: u64 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_copies_count_and_must_be_there() {
        let site = std::env::temp_dir().join(format!("bench-site-{}", std::process::id()));
        fs::create_dir_all(site.join("pkg")).unwrap();
        let manifest = r#"{"candidate": {"boot": "/pkg/b.js", "wasm": "/pkg/w.wasm", "preload": ["/pkg/c.js"]},
                "admin": {"boot": "/pkg/b.js", "wasm": "/pkg/c.js", "preload": []}, "style": "/pkg/m.css"}"#;
        fs::write(site.join("manifest.json"), manifest).unwrap();
        for (name, size) in [("b.js", 100), ("c.js", 156), ("w.wasm", 9_000), ("w.wasm.br", 4_096), ("m.css", 5_000)] {
            fs::write(site.join("pkg").join(name), vec![b' '; size]).unwrap();
        }
        assert!(first_load_kb(&site).is_err());
        fs::write(site.join("pkg/m.css.br"), vec![b' '; 768]).unwrap();
        assert_eq!(first_load_kb(&site).unwrap(), 5.0);
        fs::remove_dir_all(site).unwrap();
    }
}
