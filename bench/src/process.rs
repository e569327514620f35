//! The server as a process of its own, over a store of its own and without LiveKit.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};

use crate::worker::{Data, KEY};

/// Of the admin.
pub const EMAIL: &str = "admin@example.com";
pub const PASSWORD: &str = "a-password-for-benchmarks";

/// A running server, which is ended when dropped.
pub struct Process {
    pub address: SocketAddr,
    child: Child,
    /// It may write more.
    _output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts the executable that was built beside this one.
    pub fn start(data: &Data, site: &Path) -> Result<Self> {
        let program = env::current_exe()?.with_file_name("server");
        let mut command = Command::new(&program);
        let clear = [
            "PUBLIC_URL",
            "LIVEKIT_URL",
            "PRINT_LOGIN_LINK",
            "MONGODB_URI",
            "LLM_BASE_URL",
            "LLM_MODEL",
            "LLM_API_KEY",
        ];
        // Empty, not removed: then a `.env` file does not set them either.
        command.envs(clear.map(|name| (name, "")));
        match data {
            Data::Embedded(dir) => command.env("DATA_DIR", dir),
            Data::Mongo(mongodb) => command.env("MONGODB_URI", &mongodb.uri).env("MONGODB_DB", &mongodb.database),
        };
        command
            .envs([("LISTEN_ADDR", "127.0.0.1:0"), ("API_KEY", KEY), ("ADMIN_EMAIL", EMAIL)])
            .env("ADMIN_PASSWORD", PASSWORD)
            .env("WEBHOOK_ALLOW_INTERNAL", "1")
            .env("RUST_LOG", env::var("RUST_LOG").unwrap_or_else(|_| "warn".into()))
            .env("LEPTOS_SITE_ROOT", site);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("starting {}: is it built?", program.display()))?;
        let output = child.stdout.take().map(BufReader::new);
        let (address, _output) = match output.context("the server has no output").and_then(listening) {
            Ok(found) => found,
            Err(error) => {
                end(&mut child);
                return Err(error);
            }
        };
        Ok(Self { address, child, _output })
    }

    /// The processor time that it has taken so far, in seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let file = format!("/proc/{}/stat", self.child.id());
        let stat = fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
        cpu_ticks(&stat).map(|ticks| ticks as f64 / TICKS_PER_S).with_context(|| format!("{file} cannot be read"))
    }

    /// The memory that it has now, in KiB.
    pub fn resident_kib(&self) -> Result<u64> {
        let file = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
        resident_kib(&status).with_context(|| format!("{file} has no VmRSS: the server has ended"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// Waits for the line that tells the address.
fn listening(mut output: BufReader<ChildStdout>) -> Result<(SocketAddr, BufReader<ChildStdout>)> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    let address = line.trim_end().strip_prefix("Listening on http://").and_then(|address| address.parse().ok());
    let address = address.with_context(|| format!("the server did not say where it listens but {line:?}"))?;
    Ok((address, output))
}

/// Linux counts processor time in hundredths of a second, whatever the kernel's own clock (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;

/// `utime` and `stime` of `/proc/<pid>/stat` (proc_pid_stat(5)), whose second field may hold anything up to the last bracket.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

/// `VmRSS` of `/proc/<pid>/status` (proc_pid_status(5)).
fn resident_kib(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_in_a_stat() {
        let stat = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20";
        assert_eq!(cpu_ticks(stat), Some(150));
    }

    #[test]
    fn resident_memory_is_found_in_a_status() {
        let status = "Name:\tserver\nVmHWM:\t   51000 kB\nVmRSS:\t   49372 kB\nThreads:\t9\n";
        assert_eq!(resident_kib(status), Some(49_372));
        assert_eq!(resident_kib("Name:\tserver\nState:\tZ (zombie)\n"), None);
    }
}
