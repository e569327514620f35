//! Entries as bytes: five for a usual look, three for most signals.
//!
//! A payload begins with the time of its first entry. An entry is the time since the one before (zigzag, so that a log whose
//! time runs backwards can be told from a broken one), then a byte: below 128 the place of a signal, followed by the signal's
//! fields; otherwise a look.

use crate::observation::{Head, Look, Unclear};
use crate::signal::{Entry, Signal, What};

/// Entries of one payload, at most.
pub const MAX_ENTRIES: usize = 4_096;

const LOOK: u8 = 0x80;
const CANNOT_TELL: u8 = 0x40;
const HEAD: u8 = 0x20;
/// Means nothing yet.
const SPARE: u8 = 0x10;
/// As many faces or more are written in a byte of their own.
const MANY: u8 = 0x0f;

/// Why bytes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("too long")]
    TooLong,
    #[error("malformed")]
    Malformed,
}

/// Writes entries one after the other.
pub(super) fn append(payload: &mut Vec<u8>, last_ms: &mut Option<u32>, entry: &Entry) {
    match *last_ms {
        None => put(payload, u64::from(entry.at_ms)),
        Some(last) => {
            let delta = i64::from(entry.at_ms) - i64::from(last);
            put(payload, ((delta << 1) ^ (delta >> 63)) as u64);
        }
    }
    *last_ms = Some(entry.at_ms);
    match &entry.what {
        What::Signal(signal) => {
            // Writing plain fields into memory cannot fail.
            if let Ok(bytes) = postcard::to_allocvec(signal) {
                payload.extend_from_slice(&bytes);
            }
        }
        What::Look(Look::CannotTell(unclear)) => payload.push(LOOK | CANNOT_TELL | place(*unclear)),
        What::Look(Look::Clear { faces, head }) => {
            payload.push(LOOK | head.map_or(0, |_| HEAD) | (*faces).min(MANY));
            if *faces >= MANY {
                payload.push(*faces);
            }
            if let Some(head) = head {
                payload.extend_from_slice(&[head.yaw as u8, head.pitch as u8]);
            }
        }
    }
}

/// # Errors
/// When the bytes are no entries, or more than [`MAX_ENTRIES`].
pub(super) fn decode(mut bytes: &[u8]) -> Result<Vec<Entry>, DecodeError> {
    let mut entries = Vec::new();
    let mut last = None;
    while !bytes.is_empty() {
        if entries.len() == MAX_ENTRIES {
            return Err(DecodeError::TooLong);
        }
        let time = take_varint(&mut bytes)?;
        let at_ms = match last {
            None => time as i64,
            Some(last) => i64::from(last) + ((time >> 1) as i64 ^ -((time & 1) as i64)),
        };
        let at_ms = u32::try_from(at_ms).map_err(|_| DecodeError::Malformed)?;
        last = Some(at_ms);
        entries.push(Entry { at_ms, what: what(&mut bytes)? });
    }
    Ok(entries)
}

fn what(bytes: &mut &[u8]) -> Result<What, DecodeError> {
    let first = *bytes.first().ok_or(DecodeError::Malformed)?;
    if first & LOOK == 0 {
        let (signal, rest) = postcard::take_from_bytes::<Signal>(bytes).map_err(|_| DecodeError::Malformed)?;
        *bytes = rest;
        return Ok(What::Signal(signal));
    }
    take(bytes)?;
    if first & CANNOT_TELL != 0 {
        let unclear = UNCLEAR.get(usize::from(first & !(LOOK | CANNOT_TELL))).ok_or(DecodeError::Malformed)?;
        return Ok(What::Look(Look::CannotTell(*unclear)));
    }
    if first & SPARE != 0 {
        return Err(DecodeError::Malformed);
    }
    let faces = match first & MANY {
        MANY => Some(take(bytes)?).filter(|faces| *faces >= MANY).ok_or(DecodeError::Malformed)?,
        few => few,
    };
    let head = if first & HEAD != 0 { Some(Head { yaw: take(bytes)? as i8, pitch: take(bytes)? as i8 }) } else { None };
    Ok(What::Look(Look::Clear { faces, head }))
}

const UNCLEAR: [Unclear; 6] =
    [Unclear::TooDark, Unclear::TooBright, Unclear::TooBlurred, Unclear::Covered, Unclear::Frozen, Unclear::Doubtful];

fn place(unclear: Unclear) -> u8 {
    match unclear {
        Unclear::TooDark => 0,
        Unclear::TooBright => 1,
        Unclear::TooBlurred => 2,
        Unclear::Covered => 3,
        Unclear::Frozen => 4,
        Unclear::Doubtful => 5,
    }
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take(bytes: &mut &[u8]) -> Result<u8, DecodeError> {
    let (first, rest) = bytes.split_first().ok_or(DecodeError::Malformed)?;
    *bytes = rest;
    Ok(*first)
}

/// Of 33 bits at most: what two times of 32 bits can be apart.
fn take_varint(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let byte = take(bytes)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DecodeError::Malformed)
}
