//! A MongoDB-wire server on a free port, with its data in a directory that goes away with it.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::ports;
use crate::processes::{Output, Process, wait_until};

const START_LIMIT: Duration = Duration::from_secs(15);

pub struct FerretDb {
    pub uri: String,
    process: Process,
    dir: PathBuf,
}

/// Starts `program` over an empty `dir`.
pub fn start(program: &Path, dir: PathBuf) -> Result<FerretDb> {
    let address = format!("127.0.0.1:{}", ports::tcp(None)?);
    let mut command = Command::new(program);
    command.args(["-listen", &address, "-dir"]).arg(&dir);
    let mut process = Process::spawn("FerretDB", command, Output::Tail)?;
    wait_until(&mut process, START_LIMIT, || TcpStream::connect(&address).is_ok())?;
    Ok(FerretDb { uri: format!("mongodb://{address}/"), process, dir })
}

impl Drop for FerretDb {
    fn drop(&mut self) {
        self.process.stop();
        // Left-over files in the target directory do no harm.
        let _ = fs::remove_dir_all(&self.dir);
    }
}
