//! Settings as the server will see them: the environment, and `.env` for what that leaves out.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

pub struct Settings {
    file: HashMap<String, String>,
}

impl Settings {
    /// Reads `.env` in the repository, when there is one.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join(".env");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self { file: parse(&text) }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self { file: HashMap::new() }),
            Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
        }
    }

    /// The variable's value; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<String> {
        let value = std::env::var(name).ok().or_else(|| self.file.get(name).cloned());
        value.filter(|value| !value.is_empty())
    }
}

/// `NAME=value` lines; `export`, quotes around the value, comments and blank lines are allowed.
fn parse(text: &str) -> HashMap<String, String> {
    text.lines().filter_map(assignment).collect()
}

fn assignment(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    Some((name.trim().to_owned(), unquoted(value.trim()).to_owned()))
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.rsplit_once(quote)) {
            return inner;
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_export_are_understood() {
        let text = "# local\nLISTEN_ADDR=127.0.0.1:4000 # mine\nexport API_KEY=\"a=b # c\"\n\nDATA_DIR='./my data'\nnonsense\n";
        let values = parse(text);
        assert_eq!(values["LISTEN_ADDR"], "127.0.0.1:4000");
        assert_eq!(values["API_KEY"], "a=b # c");
        assert_eq!(values["DATA_DIR"], "./my data");
        assert_eq!(values.len(), 3);
    }
}
