//! The worker's WebAssembly, run by Node.js, whose engine is Chromium's.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use proctor::vision::Picture;

use crate::place::Place;

/// Reads the frames, looks at them twice (the first time for the engine to compile), and prints for each what was seen.
const SCRIPT: &str = r#"
import { readFileSync } from "node:fs";
import { initSync, Watch } from "./proctor_worker.mjs";
const [module, blazeface, facemesh, frames, width, height] = process.argv.slice(2);
initSync({ module: readFileSync(module) });
const all = readFileSync(frames);
const size = width * height * 4;
const watch = new Watch(readFileSync(blazeface), readFileSync(facemesh));
for (let turn = 0; turn < 2; turn++)
  for (let at = 0; at < all.length; at += size) {
    const seen = watch.look(all.subarray(at, at + size), Number(width), Number(height));
    if (turn === 1) console.log(seen);
  }
"#;

/// Median milliseconds of frames in which a face is followed, and of those that are searched too.
pub fn times(place: &Place, worker: &Path, models: &Path, frames: &[Picture]) -> Result<(f64, f64)> {
    let dir = place.new_dir();
    fs::create_dir_all(&dir)?;
    fs::copy(worker.join("proctor_worker.js"), dir.join("proctor_worker.mjs")).context("the worker is not built")?;
    fs::write(dir.join("frames"), frames.iter().flat_map(|frame| frame.data.iter().copied()).collect::<Vec<u8>>())?;
    fs::write(dir.join("look.mjs"), SCRIPT)?;
    let size = frames.first().context("there are no frames")?;
    let output = Command::new("node")
        .arg(dir.join("look.mjs"))
        .arg(worker.join("proctor_worker_bg.wasm"))
        .args([models.join("blazeface.onnx"), models.join("facemesh.onnx"), dir.join("frames")])
        .args([size.width.to_string(), size.height.to_string()])
        .output()
        .context("starting Node.js")?;
    ensure!(output.status.success(), "Node.js: {}", String::from_utf8_lossy(&output.stderr));
    let (mut tracked, mut searched) = (Vec::new(), Vec::new());
    for line in String::from_utf8(output.stdout)?.lines() {
        let seen: serde_json::Value = serde_json::from_str(line)?;
        ensure!(seen["faces"].as_array().is_some_and(|faces| faces.len() == 1), "the worker saw {line}");
        let ms = seen["ms"].as_f64().context("the worker gave no time")?;
        if seen["searched"] == true { searched.push(ms) } else { tracked.push(ms) }
    }
    Ok((median(tracked), median(searched)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
