//! Logs and what they come to, as files that people can read: `tests/golden`. Below the line `=>` is what is expected.
//! `UPDATE_GOLDEN=1` writes what is.

mod script;

use std::path::Path;

#[test]
fn golden_logs_come_to_what_is_written_below_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 12);
    let mut differences = String::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let (log, expected) = text.split_once("=>\n").unwrap_or((&text, ""));
        let told = script::run(log);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let lines: String = told.iter().map(|line| format!("{line}\n")).collect();
            std::fs::write(&path, format!("{log}=>\n{lines}")).expect("writable");
            continue;
        }
        let expected: Vec<&str> = expected.lines().collect();
        if told != expected {
            differences += &format!("\n{}\n", path.display());
            differences += &difference(&expected, &told);
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// Lines that are missing (-) and that are too many (+), in order.
fn difference(expected: &[&str], told: &[String]) -> String {
    // lengths[i][j]: of the longest common part of expected[i..] and told[j..].
    let mut lengths = vec![vec![0u32; told.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..told.len()).rev() {
            lengths[i][j] = if expected[i] == told[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, String::new());
    while i < expected.len() || j < told.len() {
        if i < expected.len() && j < told.len() && expected[i] == told[j] {
            lines += &format!("  {}\n", expected[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == told.len() || i < expected.len() && lengths[i + 1][j] >= lengths[i][j + 1] {
            lines += &format!("- {}\n", expected[i]);
            i += 1;
        } else {
            lines += &format!("+ {}\n", told[j]);
            j += 1;
        }
    }
    lines
}
