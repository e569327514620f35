//! Any bytes, taken for all that the server takes from a browser.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proctor::log::{Arrival, Batch, Ledger, LogId, Writer};
use proctor::policy::{Monitor, Policy};
use proctor::wire::{Down, Up};

fuzz_target!(|bytes: &[u8]| {
    let arrival = Arrival { at_ms: 60_000, connected_since_ms: 0 };
    let mut ledger = Ledger::new("session", LogId(0), &[0; 16], 0);
    ledger.accept(bytes, arrival);
    let mut monitor = Monitor::new(&Policy::default());
    if let Ok(batch) = Batch::decode(bytes)
        && let Ok(entries) = batch.entries()
    {
        entries.iter().for_each(|entry| drop(monitor.step(entry)));
    }
    if let Ok(Up::Batch(batch)) = Up::decode(bytes) {
        ledger.accept(&batch, arrival);
    }
    let _ = Down::decode(bytes);
    let _ = Writer::resume(bytes);
});
