//! The operations that are measured under steady load, and the names of their figures.

use crate::worker::Store;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Get,
    List,
    Stats,
    Lifecycle,
}

impl Operation {
    pub const ALL: [Self; 5] = [Self::Create, Self::Get, Self::List, Self::Stats, Self::Lifecycle];

    /// Its part in the names of figures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Stats => "stats",
            Self::Lifecycle => "lifecycle",
        }
    }

    /// Connections that the load comes over.
    pub fn connections(self, store: Store) -> usize {
        match (self, store) {
            // FerretDB, which stands in for MongoDB here, lets writers poll for one lock: with many of them some wait for
            // seconds, and no more is done.
            (_, Store::Mongo) => 8,
            (Self::Create | Self::Lifecycle, Store::Embedded) => 64,
            (Self::Get, Store::Embedded) => 32,
            (Self::List | Self::Stats, Store::Embedded) => 16,
        }
    }

    /// Requests that one piece of work takes.
    pub fn requests(self) -> f64 {
        if self == Self::Lifecycle { 6.0 } else { 1.0 }
    }

    pub fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Lifecycle)
    }

    /// The names of its figures on `store`.
    pub fn names(self, store: Store) -> Names {
        let (operation, place) = (self.as_str(), store.as_str());
        let name = |what: &str| format!("{operation}_{place}_{what}");
        Names {
            per_s: name("per_s"),
            p99_ms: name("p99_ms"),
            vs_bare: match (self, store) {
                (Self::Get, Store::Embedded) => "get_vs_bare".to_owned(),
                _ => name("vs_bare"),
            },
            vs_insert: (self.writes() && store == Store::Mongo).then(|| name("vs_insert")),
        }
    }
}

/// Names in `bench.json`.
pub struct Names {
    /// Pieces of work per second.
    pub per_s: String,
    /// The time, in milliseconds, that 99 of 100 pieces of work did not exceed.
    pub p99_ms: String,
    /// Requests per second, as a share of the bare route's.
    pub vs_bare: String,
    /// Pieces of work per second, as a share of the bare driver's inserts.
    pub vs_insert: Option<String>,
}

impl Names {
    pub fn all(self) -> impl Iterator<Item = String> {
        [self.per_s, self.p99_ms, self.vs_bare].into_iter().chain(self.vs_insert)
    }
}
