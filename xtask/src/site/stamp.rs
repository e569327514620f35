//! Stamps: the cheap way to know that inputs are what they were.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// A line with path, size and time of change for each file, directories being walked; missing inputs count as empty.
pub fn of(inputs: &[&Path]) -> Result<String> {
    let mut stamp = String::new();
    for input in inputs {
        add(input, &mut stamp).with_context(|| format!("looking at {}", input.display()))?;
    }
    Ok(stamp)
}

/// Whether the stamp file has just this content.
pub fn holds(file: &Path, stamp: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|written| written == stamp)
}

/// Writes the stamp, after the work that it stands for.
pub fn write(file: &Path, stamp: &str) -> Result<()> {
    fs::write(file, stamp).with_context(|| format!("writing {}", file.display()))
}

fn add(path: &Path, stamp: &mut String) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(entry, stamp));
    }
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    stamp.push_str(&format!("{} {} {changed}\n", path.display(), metadata.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_an_input_changes() {
        let dir = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(dir.join("style")).unwrap();
        fs::write(dir.join("style/main.css"), "a {}").unwrap();
        let input = dir.join("style");
        let absent = dir.join("public");
        let file = dir.join("stamp");

        let before = of(&[&input, &absent]).unwrap();
        assert!(!holds(&file, &before));
        write(&file, &before).unwrap();
        assert!(holds(&file, &of(&[&input, &absent]).unwrap()));

        fs::write(dir.join("style/main.css"), "a { color: red }").unwrap();
        assert!(!holds(&file, &of(&[&input, &absent]).unwrap()));
        fs::remove_dir_all(dir).unwrap();
    }
}
