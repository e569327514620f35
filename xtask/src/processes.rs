//! Child processes: each in a group of its own, stopped whole, and never left behind.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process_group};

const POLL: Duration = Duration::from_millis(20);
/// How long a process may take to end after SIGTERM before it is killed.
const GRACE: Duration = Duration::from_secs(5);
const TAIL_LINES: usize = 20;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C and SIGTERM only raise a flag, so that whoever started children can stop them first.
pub fn stop_on_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).context("installing the signal handler")
}

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Where a child's output goes.
#[derive(Clone, Copy)]
pub enum Output {
    /// To the terminal.
    Inherit,
    /// Kept back: the last lines are shown only when something goes wrong.
    Tail,
    /// Standard output through a pipe that the caller reads.
    Piped,
}

/// A running child. Dropping it stops its whole process group.
pub struct Process {
    name: String,
    child: Child,
    ended: bool,
    tail: Arc<Mutex<VecDeque<String>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts `command`; call it from the main thread only, for Linux ends the child when the thread that started it does.
    pub fn spawn(name: &str, command: Command, output: Output) -> Result<Self> {
        let mut command = tied_to_us(command);
        command.stdin(Stdio::null()).process_group(0);
        match output {
            Output::Inherit => &mut command,
            Output::Tail => command.stdout(Stdio::piped()).stderr(Stdio::piped()),
            Output::Piped => command.stdout(Stdio::piped()),
        };
        let mut child = command.spawn().with_context(|| format!("starting {name}"))?;
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let mut readers = Vec::new();
        if let Output::Tail = output {
            readers.extend(child.stdout.take().map(|pipe| keep_last_lines(pipe, &tail)));
            readers.extend(child.stderr.take().map(|pipe| keep_last_lines(pipe, &tail)));
        }
        Ok(Self { name: name.to_owned(), child, ended: false, tail, readers })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The exit status once the process has ended by itself.
    pub fn exited(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait().with_context(|| format!("waiting for {}", self.name))?;
        self.ended |= status.is_some();
        Ok(status)
    }

    /// Waits for the end; a signal to us stops the process and is an error.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.exited()? {
                return Ok(status);
            }
            if interrupted() {
                self.stop();
                bail!("interrupted");
            }
            thread::sleep(POLL);
        }
    }

    /// The last lines that the process wrote, when its output is kept back.
    pub fn last_lines(&mut self) -> String {
        if self.ended {
            for reader in self.readers.drain(..) {
                // A reader that panicked has nothing more to tell.
                let _ = reader.join();
            }
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.iter().map(|line| format!("    {line}\n")).collect()
    }

    /// SIGTERM to the group, and SIGKILL to whatever is left of it after five seconds.
    pub fn stop(&mut self) {
        if self.ended {
            return;
        }
        self.signal(Signal::TERM);
        let deadline = Instant::now() + GRACE;
        let mut reminder = Some(Instant::now() + GRACE / 5);
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            // LiveKit first waits for its rooms to empty; a second signal tells it not to.
            if reminder.is_some_and(|at| Instant::now() >= at) {
                self.signal(Signal::TERM);
                reminder = None;
            }
            thread::sleep(POLL);
        }
        self.signal(Signal::KILL);
        // Reaped or unreachable: either way there is nothing left to do.
        let _ = self.child.wait();
        self.ended = true;
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // The group may be gone already, which is what we want.
            let _ = kill_process_group(pid, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs a command to its end, its output going to the terminal; anything but success is an error.
pub fn run(name: &str, command: Command) -> Result<()> {
    let status = Process::spawn(name, command, Output::Inherit)?.wait()?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

/// Runs a command to its end and shows its output only when it fails.
pub fn run_quietly(name: &str, command: Command) -> Result<()> {
    let mut process = Process::spawn(name, command, Output::Tail)?;
    let status = process.wait()?;
    ensure!(status.success(), "{name} failed ({status})\n{}", process.last_lines());
    Ok(())
}

/// Runs a command to its end and gives each line of its standard output to `on_line`.
pub fn run_with_lines(name: &str, command: Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut process = Process::spawn(name, command, Output::Piped)?;
    let pipe = process.child.stdout.take().context("standard output was piped")?;
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || for_each_line(pipe, |line| sender.send(line).is_ok()));
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => on_line(&line),
            // All has been read, or only a stray grandchild still holds the pipe.
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if interrupted() || process.exited()?.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    process.wait()
}

/// Waits until `ready` says so; an end of the process, a signal to us and `limit` are errors.
pub fn wait_until(process: &mut Process, limit: Duration, ready: impl Fn() -> bool) -> Result<()> {
    let deadline = Instant::now() + limit;
    while !ready() {
        if let Some(status) = process.exited()? {
            let lines = process.last_lines();
            bail!("{} ended ({status})\n{lines}", process.name);
        }
        ensure!(!interrupted(), "interrupted");
        if Instant::now() >= deadline {
            let lines = process.last_lines();
            bail!("{} did not answer within {} s\n{lines}", process.name, limit.as_secs());
        }
        thread::sleep(POLL);
    }
    Ok(())
}

/// Whether a program of this name lies in a directory of `PATH`.
pub fn in_path(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// On Linux, wraps the command so that the kernel ends it when we are killed: nothing survives a `kill -9` of xtask.
fn tied_to_us(command: Command) -> Command {
    static SETPRIV: OnceLock<bool> = OnceLock::new();
    if !*SETPRIV.get_or_init(|| in_path("setpriv").is_some_and(|program| knows_pdeathsig(&program))) {
        return command;
    }
    let mut wrapped = Command::new("setpriv");
    wrapped.args(["--pdeathsig", "TERM", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(dir) = command.get_current_dir() {
        wrapped.current_dir(dir);
    }
    wrapped
}

fn knows_pdeathsig(setpriv: &std::path::Path) -> bool {
    Command::new(setpriv)
        .args(["--pdeathsig", "TERM", "--", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn keep_last_lines(pipe: impl Read + Send + 'static, tail: &Arc<Mutex<VecDeque<String>>>) -> JoinHandle<()> {
    let tail = Arc::clone(tail);
    thread::spawn(move || {
        for_each_line(pipe, |line| {
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            if tail.len() == TAIL_LINES {
                tail.pop_front();
            }
            tail.push_back(line);
            true
        });
    })
}

/// Reads lines, of whatever bytes, until the end or until `on_line` gives false.
fn for_each_line(pipe: impl Read, mut on_line: impl FnMut(String) -> bool) {
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        if !on_line(String::from_utf8_lossy(&line).trim_end().to_owned()) {
            return;
        }
        line.clear();
    }
}
