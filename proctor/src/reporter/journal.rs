//! What a page leaves for the next one: its log, and what it came to.

use serde::{Deserialize, Serialize};

use crate::log::{BrokenJournal, LogId, Writer};
use crate::policy::Memory;

/// Of these bytes: another version's journal is broken, and a new log is begun.
const VERSION: u8 = 4;

#[derive(Debug)]
pub(super) struct Journal {
    pub(super) writer: Writer,
    /// Of the policy, after the writer's last entry.
    pub(super) memory: Memory,
    /// Whether the page said that it is being left.
    pub(super) unloaded: bool,
}

#[derive(Serialize, Deserialize)]
struct Written<M> {
    #[serde(with = "crate::bytes")]
    writer: Vec<u8>,
    memory: M,
    unloaded: bool,
}

impl Journal {
    pub(super) fn write(writer: &Writer, memory: &Memory, unloaded: bool) -> Vec<u8> {
        let written = Written { writer: writer.journal(), memory, unloaded };
        // Writing plain fields into memory cannot fail.
        postcard::to_extend(&written, vec![VERSION]).unwrap_or_default()
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Journal, BrokenJournal> {
        let Some((&VERSION, bytes)) = bytes.split_first() else { return Err(BrokenJournal) };
        let (written, rest) = postcard::take_from_bytes::<Written<Memory>>(bytes).map_err(|_| BrokenJournal)?;
        if !rest.is_empty() {
            return Err(BrokenJournal);
        }
        let Written { writer, memory, unloaded } = written;
        Ok(Journal { writer: Writer::resume(&writer)?, memory, unloaded })
    }

    pub(super) fn log(&self) -> LogId {
        self.writer.log()
    }
}
