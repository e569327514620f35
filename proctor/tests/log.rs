//! A log on its way from a browser to the server, and what those do who tamper with it.

use proctor::log::{Arrival, Digest, Finding, Ledger, LogId, Nonce, NotKept, Receipt, Writer};
use proctor::observation::{Head, Look};
use proctor::signal::{Entry, Signal, What};
use serde::Serialize;

const SESSION: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const NONCE: Nonce = [7; 16];
const LOG: LogId = LogId(0);

/// A batch as anybody can write it who has the page's code.
#[derive(Serialize)]
struct Forged<'a> {
    log: LogId,
    seq: u32,
    previous: Digest,
    digest: Digest,
    payload: &'a [u8],
}

fn forge(log: LogId, seq: u32, previous: Digest, payload: &[u8]) -> Vec<u8> {
    let digest = previous.next(log, seq, payload);
    postcard::to_allocvec(&Forged { log, seq, previous, digest, payload }).expect("plain fields")
}

fn look(at_ms: u32) -> Entry {
    let head = Head { yaw: -12, pitch: 4 };
    Entry { at_ms, what: What::Look(Look::Clear { faces: 1, head: Some(head) }) }
}

fn copied(at_ms: u32) -> Entry {
    Entry { at_ms, what: What::Signal(Signal::Copied) }
}

fn writer() -> Writer {
    Writer::new(SESSION, LOG, &NONCE)
}

fn ledger() -> Ledger {
    Ledger::new(SESSION, LOG, &NONCE, 1_000_000)
}

/// Batches of one look each, a second apart.
fn batches(n: u32) -> Vec<Vec<u8>> {
    let mut writer = writer();
    let mut batch = |seq: u32| {
        writer.append(&look(seq * 1_000));
        writer.cut().expect("an entry").to_vec()
    };
    (0..n).map(&mut batch).collect()
}

/// Over a channel that was up all the time.
fn at(ms: i64) -> Arrival {
    Arrival { at_ms: 1_000_000 + ms, connected_since_ms: 999_000 }
}

fn findings(receipt: Receipt) -> Vec<Finding> {
    match receipt {
        Receipt::Accepted { findings, .. } => findings,
        Receipt::Refused(finding) => vec![finding],
        Receipt::Duplicate | Receipt::Gap { .. } => Vec::new(),
    }
}

#[test]
fn a_look_takes_five_bytes_and_a_batch_little_more() {
    let mut writer = writer();
    for n in 0..10 {
        writer.append(&look(n * 500));
    }
    assert!(writer.cut().unwrap().len() <= 10 * 5 + 75);
}

#[test]
fn batches_in_order_are_accepted_as_they_were_written() {
    let mut ledger = ledger();
    for (seq, batch) in (0..).zip(batches(5)) {
        let entries = vec![look(seq * 1_000)];
        let receipt = ledger.accept(&batch, at(i64::from(seq) * 1_000 + 50));
        assert_eq!(receipt, Receipt::Accepted { entries, findings: vec![] });
    }
    assert_eq!(ledger.next_seq(), 5);
}

#[test]
fn lost_batches_are_asked_for_and_sent_again() {
    let (mut writer, mut ledger) = (writer(), ledger());
    for n in 0..3 {
        writer.append(&look(n * 1_000));
        writer.cut();
    }
    let third = writer.resend_from(2).map(|mut kept| kept.next().unwrap().to_vec()).unwrap();
    assert_eq!(ledger.accept(&third, at(3_000)), Receipt::Gap { expected: 0 });
    let again: Vec<_> = batches(3);
    for batch in &again {
        assert!(matches!(ledger.accept(batch, at(3_000)), Receipt::Accepted { .. }));
    }
    // The acknowledgement was lost: everything comes once more.
    for batch in &again {
        assert_eq!(ledger.accept(batch, at(4_000)), Receipt::Duplicate);
    }
    writer.acknowledge(ledger.next_seq());
    assert_eq!(writer.waiting(), 0);
}

#[test]
fn journal_brings_a_reloaded_page_back_into_its_log() {
    let (mut writer, mut ledger) = (writer(), ledger());
    writer.append(&look(0));
    let sent = writer.cut().unwrap().to_vec();
    ledger.accept(&sent, at(100));
    writer.append(&look(500));
    writer.cut();
    writer.append(&look(900));
    let mut back = Writer::resume(&writer.journal()).unwrap();
    assert_eq!((back.log(), back.last_ms()), (LOG, 900));
    back.append(&Entry { at_ms: 4_000, what: What::Signal(Signal::PageLoaded) });
    back.cut();
    let mut told = Vec::new();
    for batch in back.resend_from(ledger.next_seq()).unwrap() {
        match ledger.accept(batch, at(5_000)) {
            Receipt::Accepted { entries, findings } if findings.is_empty() => told.extend(entries),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told.iter().map(|entry| entry.at_ms).collect::<Vec<_>>(), [500, 900, 4_000]);
}

#[test]
fn broken_journal_is_told_from_a_good_one() {
    let mut writer = writer();
    writer.append(&look(0));
    writer.cut();
    writer.append(&look(500));
    let journal = writer.journal();
    assert_eq!(Writer::resume(&journal), Ok(writer));
    assert!(Writer::resume(&journal[..journal.len() - 1]).is_err());
    assert!(Writer::resume(b"").is_err());
}

#[test]
fn page_that_lost_what_the_server_waits_for_has_to_begin_anew() {
    let mut writer = writer();
    writer.append(&look(0));
    writer.cut();
    assert_eq!(writer.resend_from(2).map(|_| ()), Err(NotKept { expected: 2 }));
    writer.acknowledge(1);
    assert_eq!(writer.resend_from(0).map(|_| ()), Err(NotKept { expected: 0 }));
    assert_eq!(writer.resend_from(1).map(Iterator::count), Ok(0));
}

#[test]
fn two_pages_with_one_journal_are_told_from_tampering() {
    let (mut old, mut ledger) = (writer(), ledger());
    old.append(&look(0));
    ledger.accept(old.cut().unwrap(), at(0));
    assert_eq!(old.clone().agree(ledger.next_seq(), ledger.head()), Ok(()));
    // A second page takes over from the journal; both write on, and the first one's batch arrives.
    let mut new = Writer::resume(&old.journal()).unwrap();
    old.append(&look(500));
    new.append(&copied(700));
    new.cut();
    assert_eq!(new.clone().agree(ledger.next_seq(), ledger.head()), Ok(()));
    ledger.accept(old.cut().unwrap(), at(600));
    assert_eq!(new.agree(ledger.next_seq(), ledger.head()), Err(NotKept { expected: 2 }));
    assert_eq!(old.agree(ledger.next_seq(), ledger.head()), Ok(()));
    assert_eq!(old.waiting(), 0);
}

#[test]
fn what_was_accepted_cannot_be_rewritten() {
    let mut ledger = ledger();
    let genuine = batches(3);
    for batch in &genuine {
        ledger.accept(batch, at(3_000));
    }
    // With all the digests right, from the genesis on.
    let edited = forge(LOG, 0, Digest::genesis(SESSION, LOG, &NONCE), b"");
    assert_eq!(findings(ledger.accept(&edited, at(3_000))), [Finding::Edited { seq: 0 }]);
    assert_eq!(ledger.accept(&genuine[0], at(3_000)), Receipt::Duplicate);
}

#[test]
fn rewriting_is_found_far_back_too_where_a_digest_is_wrong() {
    let mut ledger = ledger();
    let genuine = batches(200);
    for batch in &genuine {
        ledger.accept(batch, at(200_000));
    }
    assert_eq!(ledger.accept(&genuine[0], at(200_000)), Receipt::Duplicate);
    let mut edited = genuine[0].clone();
    *edited.last_mut().unwrap() ^= 1;
    assert_eq!(findings(ledger.accept(&edited, at(200_000))), [Finding::Edited { seq: 0 }]);
}

#[test]
fn log_does_not_go_on_from_another_past() {
    let mut ledger = ledger();
    ledger.accept(&batches(1)[0], at(0));
    let other = Digest::genesis(SESSION, LOG, &NONCE).next(LOG, 0, b"another past");
    let forged = forge(LOG, 1, other, b"");
    assert_eq!(findings(ledger.accept(&forged, at(0))), [Finding::Forged { seq: 1 }]);
    assert_eq!(ledger.next_seq(), 1);
}

#[test]
fn logs_of_another_interview_or_nonce_do_not_fit() {
    for (session, nonce) in [("another", NONCE), (SESSION, [8; 16])] {
        let mut writer = Writer::new(session, LOG, &nonce);
        writer.append(&look(0));
        let batch = writer.cut().unwrap();
        assert_eq!(findings(ledger().accept(batch, at(0))), [Finding::Forged { seq: 0 }]);
    }
}

#[test]
fn batch_of_an_earlier_log_is_no_part_of_this_one() {
    let mut next = Ledger::new(SESSION, LogId(1), &[9; 16], 1_000_000);
    assert_eq!(findings(next.accept(&batches(1)[0], at(0))), [Finding::Replayed { log: LOG }]);
}

#[test]
fn time_that_runs_backwards_is_found_and_the_batch_taken() {
    let genesis = Digest::genesis(SESSION, LOG, &NONCE);
    // At 100 ms: a tick; 10 ms before that: another.
    let batch = forge(LOG, 0, genesis, &[100, 0, 19, 0]);
    let mut ledger = ledger();
    let receipt = ledger.accept(&batch, at(200));
    assert!(matches!(&receipt, Receipt::Accepted { entries, .. } if entries[1].at_ms == 90));
    assert_eq!(findings(receipt), [Finding::TimeReversed { seq: 0, by_ms: 10 }]);
}

#[test]
fn more_time_than_passed_cannot_be_told_of() {
    let (mut writer, mut ledger) = (writer(), ledger());
    writer.append(&look(61_000));
    let batch = writer.cut().unwrap().to_vec();
    assert_eq!(findings(ledger.accept(&batch, at(60_000))), []);
    writer.append(&look(90_000));
    let batch = writer.cut().unwrap().to_vec();
    assert_eq!(findings(ledger.accept(&batch, at(70_000))), [Finding::TimeAhead { seq: 1, by_ms: 20_000 }]);
    // Once.
    writer.append(&look(91_000));
    let batch = writer.cut().unwrap().to_vec();
    assert_eq!(findings(ledger.accept(&batch, at(71_000))), []);
}

#[test]
fn entries_held_back_while_the_channel_is_up_are_found() {
    let (mut writer, mut ledger) = (writer(), ledger());
    writer.append(&look(0));
    let batch = writer.cut().unwrap().to_vec();
    assert_eq!(findings(ledger.accept(&batch, at(100))), []);
    // A minute of looks is kept until it is known how it ends.
    for n in 1..60 {
        writer.append(&look(n * 1_000));
    }
    let batch = writer.cut().unwrap().to_vec();
    assert_eq!(findings(ledger.accept(&batch, at(60_000))), [Finding::TimeBehind { seq: 1, by_ms: 49_000 }]);
}

#[test]
fn page_that_its_browser_froze_held_nothing_back() {
    let (mut writer, mut ledger) = (writer(), ledger());
    for minute in 0..10 {
        for n in 0..6 {
            writer.append(&look(minute * 60_000 + n * 500));
        }
        // The batch was not cut before the page fell asleep.
        let batch = writer.cut().unwrap().to_vec();
        assert_eq!(findings(ledger.accept(&batch, at((i64::from(minute) + 1) * 60_000))), []);
    }
}

#[test]
fn slow_clock_is_found() {
    let (mut writer, mut ledger) = (writer(), ledger());
    let mut found = Vec::new();
    for n in 0..100 {
        // Half as much time as passes.
        writer.append(&look(n * 1_000));
        let batch = writer.cut().unwrap().to_vec();
        found.extend(findings(ledger.accept(&batch, at(i64::from(n) * 2_000))));
    }
    assert!(matches!(found[..], [Finding::TimeBehind { .. }, ..]) && found.len() <= 4, "{found:?}");
}

#[test]
fn what_the_journal_brings_after_an_outage_is_not_held_back() {
    let (mut writer, mut ledger) = (writer(), ledger());
    let mut sent = Vec::new();
    for n in 0..300 {
        writer.append(&look(n * 1_000));
        sent.push(writer.cut().unwrap().to_vec());
    }
    for (n, batch) in (0..).zip(&sent[..10]) {
        assert_eq!(findings(ledger.accept(batch, at(n * 1_000))), []);
    }
    // Away for four minutes; then all at once, and on.
    let back = |ms: i64| Arrival { at_ms: 1_000_000 + ms, connected_since_ms: 1_000_000 + 250_000 };
    for (n, batch) in (10..).zip(&sent[10..]) {
        assert_eq!(findings(ledger.accept(batch, back((n * 1_000).max(250_500)))), []);
    }
}

#[test]
fn machine_that_slept_may_have_stopped_its_clock() {
    let (mut writer, mut ledger) = (writer(), ledger());
    writer.append(&look(1_000));
    let batch = writer.cut().unwrap().to_vec();
    ledger.accept(&batch, at(1_000));
    // An hour later, by the server's clock alone.
    for n in 0..600 {
        writer.append(&look(2_000 + n * 1_000));
        let batch = writer.cut().unwrap().to_vec();
        let at_ms = 1_000_000 + 3_600_000 + i64::from(n) * 1_000;
        assert_eq!(findings(ledger.accept(&batch, Arrival { at_ms, connected_since_ms: 1_000_000 + 3_600_000 })), []);
    }
}

#[test]
fn clock_of_the_server_that_is_set_back_makes_no_page_early() {
    let (mut writer, mut ledger) = (writer(), ledger());
    let mut hears = |second: u32, ledger: &mut Ledger, arrival: Arrival| {
        writer.append(&look(second * 1_000));
        let batch = writer.cut().unwrap().to_vec();
        findings(ledger.accept(&batch, arrival))
    };
    assert_eq!(hears(60, &mut ledger, at(60_000)), []);
    ledger.set_back(30_000);
    let set_back = |ms: i64| Arrival { at_ms: 1_000_000 + ms, connected_since_ms: 1_000_000 + 30_500 };
    assert_eq!(hears(61, &mut ledger, set_back(31_000)), []);
    let found = hears(70, &mut ledger, set_back(32_000));
    assert_eq!(found, [Finding::TimeAhead { seq: 2, by_ms: 8_000 }], "no more than that is excused");
}

#[test]
fn ledger_goes_on_from_its_checkpoint() {
    let genuine = batches(90);
    let (mut straight, mut resumed) = (ledger(), ledger());
    for batch in &genuine {
        straight.accept(batch, at(90_000));
        resumed.accept(batch, at(90_000));
        resumed = postcard::from_bytes(&postcard::to_allocvec(&resumed).unwrap()).unwrap();
    }
    assert_eq!(straight, resumed);
    assert!(postcard::to_allocvec(&straight).unwrap().len() < 800);
}

#[test]
fn full_batch_is_cut_by_itself() {
    let (mut writer, mut ledger) = (writer(), ledger());
    for n in 0..10_000 {
        writer.append(&copied(n));
    }
    writer.cut();
    let mut told = 0;
    for batch in writer.resend_from(0).unwrap() {
        match ledger.accept(batch, at(10_000)) {
            Receipt::Accepted { entries, .. } => told += entries.len(),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, 10_000);
}
