//! Domain values as BSON, and back.
//!
//! Keys that come from outside (LiveKit's participant ids) may hold what a document store gives a meaning to: `.`, `$`
//! and NUL. They are kept percent-encoded. Field names of ours hold none of these and stay as they are.

use app::ports::StoreError;
use mongodb::bson::{self, Bson, Document};
use serde::{Serialize, de::DeserializeOwned};

pub(super) fn encode<T: Serialize>(value: &T) -> Result<Bson, StoreError> {
    let plain = bson::serialize_to_bson(value)
        .map_err(|_| StoreError::Failed("a value cannot be written as a document".into()))?;
    Ok(with_keys(plain, &escape))
}

pub(super) fn decode<T: DeserializeOwned>(stored: Bson) -> Result<T, StoreError> {
    // The driver's own text may quote the content.
    bson::deserialize_from_bson(with_keys(stored, &unescape)).map_err(|_| unreadable())
}

/// Takes a field out of a stored document and decodes it.
pub(super) fn take<T: DeserializeOwned>(document: &mut Document, field: &str) -> Result<T, StoreError> {
    decode(document.remove(field).ok_or_else(unreadable)?)
}

pub(super) fn unreadable() -> StoreError {
    StoreError::Failed("a stored document cannot be read".into())
}

/// A number that BSON, which knows only signed ones, can keep.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn with_keys(value: Bson, change: &impl Fn(String) -> String) -> Bson {
    match value {
        Bson::Document(document) => {
            Bson::Document(document.into_iter().map(|(key, value)| (change(key), with_keys(value, change))).collect())
        }
        Bson::Array(items) => Bson::Array(items.into_iter().map(|item| with_keys(item, change)).collect()),
        other => other,
    }
}

fn escape(key: String) -> String {
    if !key.contains(['%', '.', '$', '\0']) {
        return key;
    }
    key.replace('%', "%25").replace('.', "%2E").replace('$', "%24").replace('\0', "%00")
}

fn unescape(key: String) -> String {
    if !key.contains('%') {
        return key;
    }
    key.replace("%00", "\0").replace("%24", "$").replace("%2E", ".").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn awkward_keys_come_back_as_they_were() {
        for key in ["PA_x.y$z", "$set", "%2E", "%", "%%2525.", "a\0b", "", "plain", "ü.ü"] {
            let map = BTreeMap::from([(key.to_owned(), vec![BTreeMap::from([(key.to_owned(), 1_u64)])])]);
            let encoded = encode(&map).unwrap();
            let stored = encoded.as_document().unwrap().keys().next().unwrap();
            assert!(!stored.contains(['.', '$', '\0']), "{stored}");
            assert_eq!(decode::<BTreeMap<String, Vec<BTreeMap<String, u64>>>>(encoded).unwrap(), map);
        }
    }

    #[test]
    fn whole_numbers_of_every_size_come_back() {
        let numbers = (u32::MAX, i64::MIN, i64::MAX as u64, 0_u64);
        assert_eq!(decode::<(u32, i64, u64, u64)>(encode(&numbers).unwrap()).unwrap(), numbers);
    }
}
