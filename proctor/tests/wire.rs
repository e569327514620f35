//! Messages between browser and server.

use proctor::log::{Digest, LogId};
use proctor::observation::{Look, Unclear};
use proctor::policy::{Kind, Policy, Severity, ViolationId};
use proctor::wire::{
    Beginning, Down, MAX_JPEG, MAX_MESSAGE, MAX_STILLS, NoFrame, Open, Shown, Still, Up, VERSION, Welcome, WireError,
};

fn ups() -> Vec<Up> {
    let violation = ViolationId { from_ms: 1_500, kind: Kind::NoFace };
    let still = Still { at_ms: 1_600, jpeg: vec![0xff, 0xd8] };
    vec![
        Up::Open(Open::Resume(LogId(2))),
        Up::Open(Open::New(Beginning::NoJournal)),
        Up::Batch(vec![1, 2, 3]),
        Up::Frame { nonce: u64::MAX, at_ms: 7, claim: Some(Look::CannotTell(Unclear::TooDark)), jpeg: vec![9; 300] },
        Up::Reference { jpeg: vec![] },
        Up::Evidence { violation, stills: vec![still.clone(), still.clone()] },
        Up::Refused { nonce: 3, why: NoFrame::PageHidden },
        Up::Still { violation, still },
    ]
}

fn downs() -> Vec<Down> {
    let (log, policy) = (LogId(1), Policy::default());
    let shown = Shown { kind: Kind::Paste, severity: Severity::Medium, from_ms: 9, to_ms: Some(9) };
    vec![
        Down::Welcome(Box::new(Welcome {
            log,
            nonce: [3; 16],
            next_seq: 4,
            head: Digest([1; 32]),
            began_ms: 5,
            log_ms: 6,
            policy,
        })),
        Down::Ack { log, next_seq: 8 },
        Down::BeginAnew { log },
        Down::ShowMe { nonce: 5 },
        Down::WantEvidence { violation: ViolationId { from_ms: 2, kind: Kind::Covered } },
        Down::Verdict(vec![shown]),
        Down::OpenAgain,
    ]
}

#[test]
fn messages_arrive_as_they_were_sent() {
    for up in ups() {
        assert_eq!(Up::decode(&up.encode().unwrap()), Ok(up));
    }
    for down in downs() {
        assert_eq!(Down::decode(&down.encode().unwrap()), Ok(down));
    }
}

/// By these bytes the end-to-end tests tell messages from one another: `end2end/support/wire.ts`.
#[test]
fn the_second_byte_is_the_kind() {
    let kinds: Vec<u8> = ups().iter().map(|up| up.encode().unwrap()[1]).collect();
    assert_eq!(kinds, [0, 0, 1, 2, 3, 4, 5, 6], "a batch is 1, a frame 2, a reference 3");
    let kinds = [Down::ShowMe { nonce: 5 }, Down::ReferenceRefused].map(|down| down.encode().unwrap()[1]);
    assert_eq!(kinds, [3, 6]);
}

#[test]
fn batch_costs_three_bytes_more_than_it_has() {
    assert_eq!(Up::Batch(vec![0; 100]).encode().unwrap().len(), 103);
}

#[test]
fn other_versions_and_trailing_bytes_are_refused() {
    let mut bytes = Up::Batch(vec![]).encode().unwrap();
    bytes.push(0);
    assert_eq!(Up::decode(&bytes), Err(WireError::Malformed));
    bytes.pop();
    bytes[0] = VERSION + 1;
    assert_eq!(Up::decode(&bytes), Err(WireError::Version(VERSION + 1)));
    assert_eq!(Up::decode(&[]), Err(WireError::Malformed));
}

/// The names of all fields.
fn names(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(fields) => {
            // Their order is another one where some crate asks JSON to keep it.
            let mut all: Vec<_> = fields.iter().map(|(name, value)| format!("{name}({})", names(value))).collect();
            all.sort();
            all.concat()
        }
        serde_json::Value::Array(values) => values.iter().map(names).collect(),
        _ => String::new(),
    }
}

#[test]
fn version_is_raised_with_what_the_messages_carry() {
    let carried = serde_json::to_value((downs(), ups(), Policy::default())).unwrap();
    let Digest([a, b, c, d, ..]) = Digest::genesis(&names(&carried), LogId(0), &[0; 16]);
    assert_eq!((VERSION, [a, b, c, d]), (4, [232, 39, 22, 77]), "another shape: raise VERSION, then note it here");
}

#[test]
fn what_is_too_large_is_neither_sent_nor_taken() {
    let jpeg = vec![0; MAX_JPEG + 1];
    let still = Still { at_ms: 0, jpeg: vec![] };
    let violation = ViolationId { from_ms: 0, kind: Kind::NoFace };
    assert_eq!(Up::Reference { jpeg: jpeg.clone() }.encode(), Err(WireError::TooLarge("picture")));
    let many = Up::Evidence { violation, stills: vec![still; MAX_STILLS + 1] };
    assert_eq!(many.encode(), Err(WireError::TooLarge("number of pictures")));
    // As another program might write it.
    let mut bytes = vec![VERSION];
    bytes.extend(postcard::to_allocvec(&Up::Reference { jpeg }).unwrap());
    assert_eq!(Up::decode(&bytes), Err(WireError::TooLarge("picture")));
    assert_eq!(Up::decode(&vec![VERSION; MAX_MESSAGE + 1]), Err(WireError::TooLarge("message")));
    let largest =
        Up::Evidence { violation, stills: vec![Still { at_ms: u32::MAX, jpeg: vec![0; MAX_JPEG] }; MAX_STILLS] };
    assert_eq!(Up::decode(&largest.encode().unwrap()), Ok(largest));
}
