//! What 300 candidates' logs cost a server: decoding, checking, judging, in percent of one core.
//!
//! `cargo run --release -p proctor --example streams`

use std::time::Instant;

use proctor::log::{Arrival, Ledger, LogId, Receipt, Writer};
use proctor::observation::{Head, Look};
use proctor::policy::{Monitor, Policy};
use proctor::signal::{Entry, Signal, Stage, What};

const CANDIDATES: u32 = 300;
const LOOKS_PER_S: u32 = 2;
/// A batch every so many seconds.
const BATCH_S: u32 = 3;
const MINUTES: u32 = 30;

/// Sitting there and looking about, now and then away, gone, or in another window.
fn what(candidate: u32, n: u32) -> What {
    let dice = (candidate.wrapping_mul(2_654_435_761) ^ n.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) >> 16;
    let phase = (n + candidate * 37) % 600;
    match phase {
        _ if n == 0 => What::Signal(Signal::Stage(Stage::Interview)),
        100 => What::Signal(Signal::WindowBlurred),
        105 => What::Signal(Signal::WindowFocused),
        200..240 => What::Look(Look::Clear { faces: 0, head: None }),
        _ => {
            let yaw = if (300..320).contains(&phase) { 45 } else { (dice % 40) as i8 - 20 };
            let head = Head { yaw, pitch: (dice % 16) as i8 - 8 };
            What::Look(Look::Clear { faces: 1, head: Some(head) })
        }
    }
}

fn main() {
    let policy = Policy::default();
    let (mut bytes, mut entries_told, mut outputs) = (0usize, 0usize, 0usize);
    let (mut checked, mut judged) = (0.0, 0.0);
    let mut checkpoint = 0;
    for candidate in 0..CANDIDATES {
        let session = format!("session {candidate}");
        let mut writer = Writer::new(&session, LogId(0), &[5; 16]);
        let mut batches = Vec::new();
        for n in 0..MINUTES * 60 * LOOKS_PER_S {
            writer.append(&Entry { at_ms: n * (1_000 / LOOKS_PER_S), what: what(candidate, n) });
            if n % (BATCH_S * LOOKS_PER_S) == 0 {
                batches.extend(writer.cut().map(<[u8]>::to_vec));
            }
        }
        let mut ledger = Ledger::new(&session, LogId(0), &[5; 16], 0);
        let mut monitor = Monitor::new(&policy);
        let mut told = Vec::new();
        let begin = Instant::now();
        for (n, batch) in (0..).zip(&batches) {
            let at_ms = n * i64::from(BATCH_S) * 1_000;
            match ledger.accept(batch, Arrival { at_ms, connected_since_ms: 0 }) {
                Receipt::Accepted { entries, findings } if findings.is_empty() => told.extend(entries),
                other => panic!("an honest log was not accepted: {other:?}"),
            }
        }
        checked += begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        outputs += told.iter().map(|entry| monitor.step(entry).len()).sum::<usize>();
        judged += begin.elapsed().as_secs_f64();
        bytes += batches.iter().map(Vec::len).sum::<usize>();
        entries_told += told.len();
        checkpoint = postcard::to_allocvec(&(monitor.checkpoint(), &ledger)).map_or(0, |bytes| bytes.len());
    }
    let seconds = f64::from(MINUTES * 60);
    println!("{CANDIDATES} candidates for {MINUTES} minutes: {entries_told} entries, {outputs} outputs");
    println!("on the wire:     {:.1} bytes/s for each", bytes as f64 / seconds / f64::from(CANDIDATES));
    println!("decode, verify:  {:.4} % of one core", 100.0 * checked / seconds);
    println!("policy:          {:.4} % of one core", 100.0 * judged / seconds);
    println!("a checkpoint:    {checkpoint} bytes");
}
