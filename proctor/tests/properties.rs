//! What holds for every log.

mod support;

use std::collections::{HashMap, HashSet};

use proctor::log::{Arrival, Batch, Finding, Ledger, LogId, Receipt, Writer};
use proctor::observation::{Look, Unclear};
use proctor::policy::{Change, Kind, Memory, Monitor, Output, Policy, Source, Violation, ViolationId, Watch};
use proctor::signal::{Entry, What};
use proptest::prelude::*;

const NOW: Arrival = Arrival { at_ms: 0, connected_since_ms: 0 };

fn writer() -> Writer {
    Writer::new("session", LogId(3), &[1; 16])
}

/// Opened so long ago that no time is too much.
fn ledger() -> Ledger {
    Ledger::new("session", LogId(3), &[1; 16], -1 << 40)
}

fn run(entries: &[Entry]) -> Vec<Output> {
    let mut monitor = Monitor::new(&Policy::default());
    entries.iter().flat_map(|entry| monitor.step(entry)).collect()
}

/// Cut after as many entries as `cuts` says, by turns.
fn batches(entries: &[Entry], cuts: &[usize]) -> Vec<Vec<u8>> {
    let (mut writer, mut from) = (writer(), 0);
    for cut in cuts.iter().cycle() {
        let to = (from + cut).min(entries.len());
        entries[from..to].iter().for_each(|entry| writer.append(entry));
        writer.cut();
        from = to;
        if from == entries.len() {
            break;
        }
    }
    writer.resend_from(0).expect("all are kept").map(<[u8]>::to_vec).collect()
}

/// What a server makes of batches that come as soon as they are full, the interview having begun. Before the batches of these
/// numbers another server goes on: from a checkpoint, or as if it had always been there.
fn heard(entries: &[Entry], cuts: &[usize], taken_over: &[usize], from_checkpoint: bool) -> Vec<Output> {
    let policy = Policy::default();
    let mut monitor = Monitor::new(&policy);
    let mut outputs = monitor.watch(0, Watch::Began);
    outputs.extend(monitor.watch(0, Watch::Connected));
    let mut rest = entries;
    for (n, cut) in cuts.iter().cycle().enumerate() {
        let (batch, later) = rest.split_at((*cut).min(rest.len()));
        let Some(last) = batch.last() else { break };
        if taken_over.contains(&n) {
            if from_checkpoint {
                let bytes = postcard::to_allocvec(monitor.checkpoint()).expect("plain fields");
                monitor = Monitor::resume(&policy, postcard::from_bytes(&bytes).expect("its own bytes"));
            }
            outputs.extend(monitor.watch(batch[0].at_ms, Watch::Connected));
        }
        outputs.extend(monitor.hear(batch, last.at_ms + 300, |_, _| {}));
        rest = later;
    }
    outputs
}

/// Does a look show the kind, leniently where angles are concerned?
fn shows(entry: &Entry, kind: Kind) -> Option<bool> {
    let What::Look(look) = entry.what else { return None };
    Some(match (look, kind) {
        (Look::Clear { faces, .. }, Kind::NoFace) => faces == 0,
        (Look::Clear { faces, .. }, Kind::SeveralFaces) => faces > 1,
        (Look::Clear { faces, head: Some(head) }, Kind::LookingAway) => {
            faces > 0 && (head.yaw.unsigned_abs() > 25 || head.pitch.unsigned_abs() > 20)
        }
        // Where the reason changes all the time, any look without a face does.
        (Look::Clear { faces: 0, .. } | Look::CannotTell(_), Kind::FaceUnclear) => true,
        (Look::CannotTell(why), kind) => matches!(
            (why, kind),
            (Unclear::TooDark, Kind::TooDark)
                | (Unclear::TooBright, Kind::TooBright)
                | (Unclear::TooBlurred, Kind::TooBlurred)
                | (Unclear::Covered, Kind::Covered)
                | (Unclear::Frozen, Kind::Frozen)
        ),
        _ => false,
    })
}

/// For how long looks in a row showed the kind, from then to then.
fn seen_ms(entries: &[Entry], kind: Kind, from_ms: u32, to_ms: u32) -> u32 {
    let looks: Vec<_> = entries.iter().filter_map(|entry| Some((entry.at_ms, shows(entry, kind)?))).collect();
    looks
        .windows(2)
        .filter(|pair| from_ms <= pair[0].0 && pair[1].0 <= to_ms && pair[0].1 && pair[1].1)
        .map(|pair| pair[1].0 - pair[0].0)
        .filter(|between| *between <= 6_000)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_violation_comes_without_its_duration(entries in support::entries()) {
        let policy = Policy::default();
        let mut monitor = Monitor::new(&policy);
        for (n, entry) in entries.iter().enumerate() {
            for output in monitor.step(entry) {
                let Output::Violation(change, violation) = output else { continue };
                let (kind, rule) = (violation.id.kind, &policy.rules[violation.id.kind]);
                let needed = match change {
                    Change::Flagged => rule.flag_after_ms,
                    Change::Escalated => rule.escalate_after_ms,
                    _ => rule.note_after_ms,
                };
                match kind.source() {
                    Source::Looks if change != Change::Ended => {
                        let needed = needed.or(rule.flag_after_ms).unwrap_or(u32::MAX);
                        let seen = seen_ms(&entries[..=n], kind, violation.id.from_ms, entry.at_ms);
                        prop_assert!(seen >= needed, "{violation:?} at {}: {seen} ms of {needed}", entry.at_ms);
                    }
                    Source::Lasting if change == Change::Escalated => {
                        prop_assert!(entry.at_ms - violation.id.from_ms >= needed.unwrap_or(u32::MAX));
                    }
                    Source::Lasting if change != Change::Ended => {
                        let lasted = entry.at_ms - violation.id.from_ms;
                        prop_assert!(lasted >= rule.note_after_ms.or(rule.flag_after_ms).unwrap_or(u32::MAX));
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn nothing_counts_before_the_interview(entries in support::entries()) {
        let started = |entry: &&Entry| !matches!(entry.what, What::Signal(proctor::signal::Signal::Stage(_)));
        let check: Vec<_> = entries.iter().filter(started).copied().collect();
        prop_assert_eq!(run(&check), vec![]);
    }

    #[test]
    fn counts_only_grow_and_ids_are_unique(entries in support::entries()) {
        let (mut counts, mut ids) = (HashMap::new(), HashSet::new());
        for output in run(&entries) {
            let Output::Violation(_, violation) = output else { continue };
            let count = counts.entry(violation.id.kind).or_insert(0);
            let new = ids.insert(violation.id);
            prop_assert_eq!(violation.count, *count + u32::from(new), "{:?}", violation);
            *count = violation.count;
        }
    }

    #[test]
    fn violations_end_after_they_begin_and_warnings_are_cleared(entries in support::entries()) {
        let mut warned = HashSet::new();
        for output in run(&entries) {
            match output {
                Output::Violation(_, it) => prop_assert!(it.to_ms.is_none_or(|to| to >= it.id.from_ms)),
                Output::Warning(kind) if kind.source() != Source::Instant => prop_assert!(warned.insert(kind)),
                Output::Cleared(kind) => prop_assert!(warned.remove(&kind)),
                _ => {}
            }
        }
    }

    #[test]
    fn checkpoint_and_resume_is_the_straight_run(entries in support::entries(), every in 1usize..50) {
        let mut monitor = Monitor::new(&Policy::default());
        let mut outputs = Vec::new();
        for part in entries.chunks(every) {
            outputs.extend(part.iter().flat_map(|entry| monitor.step(entry)));
            let bytes = postcard::to_allocvec(monitor.checkpoint()).unwrap();
            let memory: Memory = postcard::from_bytes(&bytes).unwrap();
            prop_assert_eq!(&memory, monitor.checkpoint());
            monitor = Monitor::resume(&Policy::default(), memory);
        }
        prop_assert_eq!(outputs, run(&entries));
    }

    #[test]
    fn portions_change_nothing_of_what_the_log_tells(
        entries in support::entries(), cuts in prop::collection::vec(1usize..60, 1..5),
    ) {
        let silence = |output: &Output| {
            matches!(output, Output::Violation(_, Violation { id: ViolationId { kind: Kind::Unwatched, .. }, .. }))
        };
        let mut outputs = heard(&entries, &cuts, &[], false);
        outputs.retain(|output| !silence(output));
        let mut monitor = Monitor::new(&Policy::default());
        monitor.watch(0, Watch::Began);
        let straight: Vec<_> = entries.iter().flat_map(|entry| monitor.step(entry)).collect();
        prop_assert_eq!(outputs, straight);
    }

    #[test]
    fn server_that_takes_over_comes_to_what_one_server_comes_to(
        entries in support::entries(), cuts in prop::collection::vec(1usize..60, 1..5),
        taken_over in prop::collection::vec(0usize..40, 0..6),
    ) {
        let again = heard(&entries, &cuts, &taken_over, true);
        prop_assert_eq!(again, heard(&entries, &cuts, &taken_over, false));
    }

    #[test]
    fn entries_arrive_as_they_were_written_however_they_are_cut(
        entries in support::entries(), cuts in prop::collection::vec(1usize..60, 1..5),
    ) {
        let mut ledger = ledger();
        let mut told = Vec::new();
        for batch in batches(&entries, &cuts) {
            match ledger.accept(&batch, NOW) {
                Receipt::Accepted { entries, .. } => told.extend(entries),
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert_eq!(told, entries);
    }

    #[test]
    fn loss_order_and_repetition_change_nothing(
        entries in support::entries(), sent in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
    ) {
        let batches = batches(&entries, &[7]);
        let mut ledger = ledger();
        let mut told = Vec::new();
        let all = (0..batches.len()).cycle().take(batches.len());
        for n in sent.iter().map(|index| index.index(batches.len())).chain(all) {
            match ledger.accept(&batches[n], NOW) {
                Receipt::Accepted { entries, .. } => told.extend(entries),
                Receipt::Duplicate => prop_assert!((n as u32) < ledger.next_seq()),
                Receipt::Gap { expected } => prop_assert_eq!(expected, ledger.next_seq()),
                Receipt::Refused(finding) => prop_assert!(false, "{finding:?}"),
            }
        }
        prop_assert_eq!(told, entries);
    }

    #[test]
    fn any_change_to_a_batch_is_found(
        entries in support::entries(), place in any::<prop::sample::Index>(), byte in 1u8.., how in 0..3, accepted in any::<bool>(),
    ) {
        let mut batch = batches(&entries, &[20]).swap_remove(0);
        let mut ledger = ledger();
        if accepted {
            let fine = matches!(ledger.accept(&batch, NOW), Receipt::Accepted { .. });
            prop_assert!(fine);
        }
        let place = place.index(batch.len());
        match how {
            0 => batch[place] ^= byte,
            1 => batch.insert(place, byte),
            _ => { batch.remove(place); }
        }
        let receipt = ledger.accept(&batch, NOW);
        if accepted && Batch::decode(&batch).is_ok_and(|batch| batch.seq == 0) {
            prop_assert!(matches!(receipt, Receipt::Refused(Finding::Edited { .. } | Finding::Replayed { .. })), "{:?}", receipt);
        } else {
            prop_assert!(matches!(receipt, Receipt::Refused(_)), "{:?}", receipt);
        }
    }

    #[test]
    fn nonsense_is_survived_and_comes_back_the_same(
        first in support::nonsense(), second in support::nonsense(), began_ms in any::<u32>(),
    ) {
        let mut monitor = Monitor::new(&Policy::default());
        let mut now = 0;
        first.iter().for_each(|entry| { monitor.step(entry); });
        monitor.begin_log(began_ms);
        for entry in &second {
            monitor.step(entry);
            prop_assert!(monitor.state().now_ms >= now);
            now = monitor.state().now_ms;
        }
    }
}
