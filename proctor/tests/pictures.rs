//! Pictures that a page sends, as they go over the line.

use proctor::log::{Digest, LogId};
use proctor::policy::{Kind, Policy, ViolationId};
use proctor::reporter::{Act, Picture, Reporter};
use proctor::wire::{Beginning, Down, MAX_JPEG, Still, Up, Welcome};

const SESSION: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";

/// A page that was welcomed.
fn welcomed() -> Reporter {
    let mut reporter = Reporter::new(SESSION, None, 0);
    let opened = sent(&reporter.connected());
    assert!(matches!(opened[..], [Up::Open(proctor::wire::Open::New(Beginning::NoJournal))]));
    let (log, nonce) = (LogId(0), [3; 16]);
    let head = Digest::genesis(SESSION, log, &nonce);
    let welcome = Welcome { log, nonce, next_seq: 0, head, began_ms: 0, log_ms: 0, policy: Policy::default() };
    hear(&mut reporter, &Down::Welcome(Box::new(welcome)));
    reporter
}

fn hear(reporter: &mut Reporter, down: &Down) -> Vec<Act> {
    reporter.receive(1_000, &down.encode().expect("small")).expect("small")
}

fn sent(acts: &[Act]) -> Vec<Up> {
    let sent = |act: &Act| match act {
        Act::Send(bytes) => Some(Up::decode(bytes).expect("small")),
        _ => None,
    };
    acts.iter().filter_map(sent).collect()
}

/// What is sent of these pictures.
fn evidence(sizes: &[usize]) -> Vec<Up> {
    let mut reporter = welcomed();
    let acts = hear(&mut reporter, &Down::WantEvidence { violation: VIOLATION });
    assert!(acts.iter().any(|act| matches!(act, Act::Collect { violation: VIOLATION, .. })));
    let picture = |(number, size): (u64, &usize)| Picture { at: 1_000 + number, jpeg: vec![7; *size] };
    let pictures = (0..).zip(sizes).map(picture).collect();
    let up = sent(&reporter.collected(VIOLATION, pictures));
    up.into_iter().filter(|up| matches!(up, Up::Still { .. } | Up::Evidence { .. })).collect()
}

const VIOLATION: ViolationId = ViolationId { from_ms: 500, kind: Kind::NoFace };

#[test]
fn pictures_of_a_violation_go_one_by_one() {
    let up = evidence(&[9, 8, 7]);
    let sizes = up.iter().map(|up| match up {
        Up::Still { still: Still { jpeg, .. }, .. } => (jpeg.len(), false),
        Up::Evidence { stills, .. } => (stills.iter().map(|still| still.jpeg.len()).sum(), true),
        other => panic!("{other:?}"),
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [(9, false), (8, false), (7, true)]);
}

#[test]
fn pictures_that_are_too_large_are_left_out_and_the_end_is_said_all_the_same() {
    let up = evidence(&[MAX_JPEG + 1, 8, MAX_JPEG + 1]);
    let ended = Up::Evidence { violation: VIOLATION, stills: vec![] };
    assert!(matches!(&up[..], [Up::Still { .. }, end] if *end == ended), "{}", up.len());
    assert_eq!(evidence(&[]), [ended]);
}
