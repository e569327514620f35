//! Bytes as an enemy may send them: refused without a panic, and without much memory.
//!
//! The inputs are made up from a fixed seed, so that every run has the same. `proctor/fuzz` looks for others.

use proctor::log::{Arrival, Batch, Ledger, LogId, Writer};
use proctor::observation::{Head, Look, Unclear};
use proctor::policy::{Kind, Memory, Monitor, Policy, ViolationId};
use proctor::signal::{Entry, Signal, Stage, Typing, What};
use proctor::wire::{Down, Still, Up, Welcome};

/// Bytes that decoding one input may take up at once. A batch of 32 KB holds 4096 entries at most.
const MOST: u64 = 512 * 1024;

/// xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    /// One to six changes at random places.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(6) {
            let place = self.below(bytes.len());
            let byte = [0, 1, 0x7f, 0x80, 0xff, self.below(256) as u8][self.below(6)];
            match self.below(5) {
                0 | 1 if place < bytes.len() => bytes[place] = byte,
                2 => bytes.insert(place, byte),
                3 => bytes.truncate(place),
                _ if place < bytes.len() => bytes[place] ^= 1 << self.below(8),
                _ => bytes.push(byte),
            }
        }
    }
}

fn writer() -> Writer {
    let typing = Typing { chars: 900, shown_ms: 60_000, typing_ms: 40_000, pasted_chars: 3 };
    let head = Some(Head { yaw: -20, pitch: 3 });
    let whats = [
        What::Signal(Signal::Stage(Stage::Interview)),
        What::Look(Look::Clear { faces: 1, head }),
        What::Look(Look::Clear { faces: 200, head: None }),
        What::Look(Look::CannotTell(Unclear::Frozen)),
        What::Signal(Signal::AnswerSubmitted(typing)),
        What::Signal(Signal::Pasted { chars: u32::MAX, from_question: true }),
    ];
    let mut writer = Writer::new("session", LogId(0), &[0; 16]);
    for (n, what) in whats.into_iter().cycle().take(60).enumerate() {
        writer.append(&Entry { at_ms: n as u32 * 700, what });
        if n % 20 == 10 {
            writer.cut();
        }
    }
    writer
}

/// Takes the bytes for all that bytes are taken for.
fn read_all(bytes: &[u8], fresh: &Ledger, policy: &Policy) {
    let arrival = Arrival { at_ms: 60_000, connected_since_ms: 0 };
    let mut monitor = Monitor::new(policy);
    // The ledger refuses what does not fit its digests; what these hide has to be harmless too.
    if let Ok(entries) = Batch::decode(bytes).and_then(|batch| batch.entries()) {
        entries.iter().for_each(|entry| drop(monitor.step(entry)));
    }
    fresh.clone().accept(bytes, arrival);
    if let Ok(Up::Batch(batch)) = Up::decode(bytes) {
        fresh.clone().accept(&batch, arrival);
    }
    let _ = Down::decode(bytes);
    if let Ok(mut writer) = Writer::resume(bytes) {
        writer.append(&Entry { at_ms: 0, what: What::Signal(Signal::Tick) });
        writer.cut();
        writer.acknowledge(u32::MAX);
    }
    let _ = postcard::from_bytes::<Memory>(bytes);
    let _ = postcard::from_bytes::<Ledger>(bytes);
}

#[test]
fn mutated_input_is_survived_within_bounded_memory() {
    let mut writer = writer();
    let journal = writer.journal();
    let batches: Vec<_> = writer.resend_from(0).unwrap().map(<[u8]>::to_vec).collect();
    let violation = ViolationId { from_ms: 9, kind: Kind::Paste };
    let still = Still { at_ms: 5, jpeg: vec![7; 40] };
    let policy = Policy::default();
    let fresh = Ledger::new("session", LogId(0), &[0; 16], 0);
    let welcome = Welcome {
        log: LogId(0),
        nonce: [0; 16],
        next_seq: 0,
        head: fresh.head(),
        began_ms: 0,
        log_ms: 0,
        policy: policy.clone(),
    };
    let mut seeds = vec![
        journal,
        Up::Batch(batches[0].clone()).encode().unwrap(),
        Up::Evidence { violation, stills: vec![still.clone(), still] }.encode().unwrap(),
        Down::Welcome(Box::new(welcome)).encode().unwrap(),
        postcard::to_allocvec(Monitor::new(&policy).checkpoint()).unwrap(),
    ];
    seeds.extend(batches);

    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for n in 0..100_000 {
        let mut bytes = seeds[n % seeds.len()].clone();
        dice.mutate(&mut bytes);
        let peak = allocation_counter::measure(|| read_all(&bytes, &fresh, &policy)).bytes_max;
        assert!(peak < MOST, "{peak} bytes for {bytes:?}");
    }
}
