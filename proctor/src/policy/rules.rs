//! The rules of all kinds, by kind.

use std::fmt;
use std::ops::{Index, IndexMut};

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kind::Kind;
use super::rule::{Draft, Rule};

/// A rule for each kind. In JSON a map from a kind's name to what differs from the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules([Rule; Kind::COUNT]);

impl Default for Rules {
    fn default() -> Rules {
        Rules(Kind::ALL.map(Rule::of))
    }
}

impl Index<Kind> for Rules {
    type Output = Rule;

    fn index(&self, kind: Kind) -> &Rule {
        &self.0[kind as usize]
    }
}

impl IndexMut<Kind> for Rules {
    fn index_mut(&mut self, kind: Kind) -> &mut Rule {
        &mut self.0[kind as usize]
    }
}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Kind::ALL.iter().zip(&self.0))
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Rules;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a map from kinds to rules")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rules, A::Error> {
                let mut rules = Rules::default();
                let mut seen = 0u64;
                while let Some((kind, draft)) = map.next_entry::<Kind, Draft>()? {
                    if seen & 1 << kind as u64 != 0 {
                        return Err(A::Error::custom(format_args!("the rule `{}` stands there twice", kind.name())));
                    }
                    seen |= 1 << kind as u64;
                    rules[kind] = draft.over(rules[kind]);
                }
                Ok(rules)
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
