//! What is being done and how long it took: one line per step.

use std::io::Write;
use std::time::Instant;

use anyhow::Result;

/// Does a quiet piece of work and completes its line with the outcome: `· JS dependencies … up to date (0.0 s)`.
pub fn quiet<T>(name: &str, outcome: impl FnOnce(&T) -> String, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("· {name} … ");
    flush();
    let start = Instant::now();
    let result = work();
    match &result {
        Ok(value) => println!("{} ({})", outcome(value), elapsed(start)),
        Err(_) => println!("failed ({})", elapsed(start)),
    }
    result
}

/// Does a piece of work that prints lines of its own, between a line that names it and one that closes it.
pub fn noisy<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("· {name} …");
    let start = Instant::now();
    let result = work();
    println!("· {name} … {} ({})", if result.is_ok() { "done" } else { "failed" }, elapsed(start));
    result
}

/// Seconds since `start`, as the steps print them.
pub fn elapsed(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}

fn flush() {
    // Progress only: a closed stdout must not stop the work.
    let _ = std::io::stdout().flush();
}
