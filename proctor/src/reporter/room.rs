//! What finds no room in the log, or no log yet: it is remembered, and said once there is one.

use super::{Log, Reporter, Standing};
use crate::log::MAX_BATCH;
use crate::signal::{Signal, Stage, What};

/// With so many bytes of batches that wait for the server, nothing more is written: they hold seven hours without a connection,
/// where batches are full, two where they are sent and not acknowledged, and no more than the server takes at once.
const MAX_WAITING: usize = 14 * MAX_BATCH;
/// What happened while there was no log to write it into, or no room: the newest.
const MAX_EARLY: usize = 64;

impl Reporter {
    pub(super) fn has_room(&self) -> bool {
        self.log.as_ref().is_some_and(|log| log.waiting() < MAX_WAITING)
    }

    /// There is room again: what happened meanwhile is said, and how things stand.
    pub(super) fn catch_up(&mut self, now: u64) {
        if !self.has_room() || !std::mem::take(&mut self.left_out) {
            return;
        }
        let loaded = self.log.as_ref().is_some_and(Log::is_unloaded).then_some(Signal::PageLoaded);
        let happened = std::mem::take(&mut self.early);
        let stands = if self.ended { vec![Signal::Stage(Stage::Ended)] } else { self.standing.all() };
        for signal in loaded.into_iter().chain(happened).chain(stands) {
            self.write(now, What::Signal(signal));
        }
    }

    /// Remembers what happens at once; what lasts is [`Standing`], and looks will come again.
    pub(super) fn remember(&mut self, what: What) {
        let What::Signal(signal) = what else { return };
        if Standing::is_instant(signal) {
            if self.early.len() == MAX_EARLY {
                self.early.remove(0);
            }
            self.early.push(signal);
        }
    }
}
