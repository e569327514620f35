//! `cargo xtask …`: everything around the compiler, so that two commands run and test the whole system.

mod args;
mod bench;
mod build;
mod env_file;
mod ferretdb;
mod http;
mod livekit;
mod models;
mod photos;
mod ports;
mod processes;
mod run;
mod scratch;
mod secrets;
mod site;
mod step;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use crate::args::Command;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error:#}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match execute(command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; false when it did its work and the outcome is bad (a failed test).
fn execute(command: Command) -> anyhow::Result<bool> {
    if let Command::Help = command {
        println!("{}", args::USAGE);
        return Ok(true);
    }
    processes::stop_on_signals()?;
    let workspace = Workspace::find()?;
    match command {
        Command::Help => {}
        Command::Build(profile) => {
            build::build(&workspace, profile)?;
        }
        Command::Run(profile) => run::run(&workspace, profile)?,
        Command::Test { only, playwright } => return test::test(&workspace, only, &playwright),
        Command::Bench(names) => bench::bench(&workspace, &names)?,
        Command::Models => models::make(&workspace)?,
    }
    Ok(true)
}
