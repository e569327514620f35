//! The command line, parsed by hand: five commands do not need a parser crate.

use anyhow::{Result, bail};

pub const USAGE: &str = "\
usage: cargo xtask <command>

  build [--release]                      the server and the site
  run   [--release]                      build, then start LiveKit and the server
  test  [--only lint|rust|e2e] [-- ARGS] everything that is checked; ARGS go to Playwright
  bench [NAME…]                          measure a release build, all or only the named figures
  models                                 only the models that see faces, for `cargo test -p proctor`";

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Help,
    Build(Profile),
    Run(Profile),
    Test { only: Option<Stage>, playwright: Vec<String> },
    Bench(Vec<String>),
    Models,
}

/// How the server and the browser's side are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

/// A part of `test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Lint,
    Rust,
    EndToEnd,
}

/// Reads the arguments that follow `cargo xtask`.
pub fn parse(args: impl Iterator<Item = String>) -> Result<Command> {
    let mut args = args.peekable();
    let Some(command) = args.next() else { return Ok(Command::Help) };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "build" => Ok(Command::Build(profile(args)?)),
        "run" => Ok(Command::Run(profile(args)?)),
        "test" => test(args),
        "bench" => Ok(Command::Bench(args.collect())),
        "models" => Ok(Command::Models),
        other => bail!("there is no command `{other}`"),
    }
}

fn profile(args: impl Iterator<Item = String>) -> Result<Profile> {
    let mut profile = Profile::Dev;
    for arg in args {
        match arg.as_str() {
            "--release" => profile = Profile::Release,
            other => bail!("unknown option `{other}`"),
        }
    }
    Ok(profile)
}

fn test(mut args: impl Iterator<Item = String>) -> Result<Command> {
    let mut only = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--only" => only = Some(stage(args.next().as_deref())?),
            "--" => return Ok(Command::Test { only, playwright: args.collect() }),
            other => bail!("unknown option `{other}`"),
        }
    }
    Ok(Command::Test { only, playwright: Vec::new() })
}

fn stage(name: Option<&str>) -> Result<Stage> {
    match name {
        Some("lint") => Ok(Stage::Lint),
        Some("rust") => Ok(Stage::Rust),
        Some("e2e") => Ok(Stage::EndToEnd),
        _ => bail!("--only takes lint, rust or e2e"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn release_is_an_option_of_build_and_run() {
        assert_eq!(parsed("build").unwrap(), Command::Build(Profile::Dev));
        assert_eq!(parsed("run --release").unwrap(), Command::Run(Profile::Release));
        assert!(parsed("run --fast").is_err());
    }

    #[test]
    fn what_follows_two_dashes_goes_to_playwright() {
        let command = parsed("test --only e2e -- --grep reload").unwrap();
        let playwright = vec!["--grep".to_owned(), "reload".to_owned()];
        assert_eq!(command, Command::Test { only: Some(Stage::EndToEnd), playwright });
        assert!(parsed("test --only everything").is_err());
    }
}
