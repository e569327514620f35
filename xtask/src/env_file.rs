//! Settings as the server will see them: the environment, and `.env` for what that leaves out.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};

pub struct Settings {
    file: HashMap<String, String>,
}

impl Settings {
    /// Reads `.env` in the repository, when there is one. Of two lines for one variable the first counts, as for the server.
    ///
    /// # Errors
    /// A file that the server could not read either.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join(".env");
        let mut file = HashMap::new();
        let lines = match dotenvy::from_path_iter(&path) {
            Err(error) if error.not_found() => return Ok(Self { file }),
            lines => lines.with_context(|| format!("reading {}", path.display()))?,
        };
        for line in lines {
            let (name, value) = line.with_context(|| format!("reading {}", path.display()))?;
            file.entry(name).or_insert(value);
        }
        Ok(Self { file })
    }

    /// The variable's value; an empty or blank one counts as unset.
    pub fn get(&self, name: &str) -> Option<String> {
        let value = std::env::var(name).ok().or_else(|| self.file.get(name).cloned());
        value.filter(|value| !value.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_file_says_what_the_environment_leaves_out() {
        let root = std::env::temp_dir().join(format!("xtask-env-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        assert!(Settings::load(&root).unwrap().file.is_empty(), "there need not be one");
        let text = "# local\nXTASK_A=127.0.0.1:4000 # mine\nexport XTASK_B=\"a=b # c\"\n\nXTASK_C=' '\nXTASK_A=later\nPATH=none\n";
        fs::write(root.join(".env"), text).unwrap();
        let settings = Settings::load(&root).unwrap();
        let found = ["XTASK_A", "XTASK_B", "XTASK_C"].map(|name| settings.get(name));
        assert_eq!(found, [Some("127.0.0.1:4000".into()), Some("a=b # c".into()), None]);
        assert_ne!(settings.get("PATH").unwrap(), "none");
        fs::write(root.join(".env"), "nonsense\n").unwrap();
        assert!(Settings::load(&root).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
