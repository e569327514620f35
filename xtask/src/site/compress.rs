//! `.br` and `.gz` beside each file that gains from it, so that the server never compresses at run time.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

const ENDINGS: [&str; 9] = ["css", "html", "ico", "js", "json", "onnx", "svg", "txt", "wasm"];
/// Below this many bytes the headers cost more than compression saves.
const SMALLEST: u64 = 1024;
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// Whether a file of this name and size, in bytes, gets compressed copies.
pub fn is_worth_it(file: &Path, size: u64) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    size > SMALLEST && ENDINGS.contains(&ending)
}

/// The compressed copies' paths: brotli's and gzip's.
pub fn copies(file: &Path) -> [PathBuf; 2] {
    [".br", ".gz"].map(|ending| {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    })
}

/// Writes both copies.
pub fn compress(file: &Path) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let [brotli_copy, gzip_copy] = copies(file);
    fs::write(brotli_copy, brotli(&content)?)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&content)?;
    fs::write(gzip_copy, gzip.finish()?)?;
    Ok(())
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(content)?;
    drop(writer);
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_and_pictures_stay_as_they_are() {
        assert!(is_worth_it(Path::new("main-A.css"), 5_000));
        assert!(!is_worth_it(Path::new("main-A.css"), 1_000));
        assert!(!is_worth_it(Path::new("photo.webp"), 5_000));
    }

    #[test]
    fn brotli_gives_the_content_back() {
        let content = b"the same words again and again and again and again".repeat(50);
        let compressed = brotli(&content).unwrap();
        assert!(compressed.len() < content.len() / 10);
        let mut restored = Vec::new();
        std::io::copy(&mut brotli::Decompressor::new(compressed.as_slice(), 4096), &mut restored).unwrap();
        assert_eq!(restored, content);
    }
}
