//! A MongoDB-wire server on a free port.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::ports;
use crate::processes::{Output, Process, wait_until};

const START_LIMIT: Duration = Duration::from_secs(15);

pub struct FerretDb {
    pub uri: String,
    /// Held for its end: dropping it stops the server.
    _process: Process,
}

/// Starts `program` over the data in `dir`.
pub fn start(program: &Path, dir: &Path) -> Result<FerretDb> {
    let address = format!("127.0.0.1:{}", ports::tcp(None)?);
    let mut command = Command::new(program);
    command.args(["-listen", &address, "-dir"]).arg(dir);
    let mut process = Process::spawn("FerretDB", command, Output::Tail)?;
    wait_until(&mut process, START_LIMIT, || TcpStream::connect(&address).is_ok())?;
    Ok(FerretDb { uri: format!("mongodb://{address}/"), _process: process })
}
