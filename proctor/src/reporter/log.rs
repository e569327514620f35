//! The log that is being written: its writer, its clock and what follows from it by the policy.

use super::evidence::Picture;
use super::journal::Journal;
use crate::log::{LogId, Writer};
use crate::policy::{Kind, Monitor, Output};
use crate::signal::{Entry, Signal, What};
use crate::wire::{Still, Welcome};

#[derive(Debug)]
pub(super) struct Log {
    writer: Writer,
    monitor: Monitor,
    /// When it began, in ms since the first log of the interview began.
    began_ms: u32,
    /// The page's time at which this log's is 0.
    zero: i64,
    /// Whether the last that was said of the page is that it is being left.
    unloaded: bool,
    /// The page's time when the journal was written last.
    kept: u64,
    /// The batches that were sent, and wait.
    sent: usize,
}

impl Log {
    /// A new log. None: the server has something of it already.
    pub(super) fn begin(session: &str, now: u64, welcome: &Welcome) -> Option<Log> {
        let mut monitor = Monitor::new(&welcome.policy);
        monitor.begin_log(welcome.began_ms);
        let log = Log {
            writer: Writer::new(session, welcome.log, &welcome.nonce),
            monitor,
            began_ms: welcome.began_ms,
            zero: now as i64,
            unloaded: false,
            kept: now,
            sent: 0,
        };
        log.go_on(now, welcome)
    }

    /// Goes on with the log of the page before. None: it cannot.
    pub(super) fn resume(journal: Journal, now: u64, welcome: &Welcome) -> Option<Log> {
        let log = Log {
            monitor: Monitor::resume(&welcome.policy, journal.memory),
            began_ms: welcome.began_ms,
            zero: now as i64 - i64::from(journal.writer.last_ms()),
            writer: journal.writer,
            unloaded: journal.unloaded,
            kept: now,
            sent: 0,
        };
        log.go_on(now, welcome)
    }

    /// Goes on over a new connection. None: it cannot.
    pub(super) fn go_on(mut self, now: u64, welcome: &Welcome) -> Option<Log> {
        self.writer.agree(welcome.next_seq, welcome.head).ok()?;
        // A machine that slept may have stopped its clock; never the other way.
        self.zero = self.zero.min(now as i64 - i64::from(welcome.log_ms));
        Some(self)
    }

    pub(super) fn id(&self) -> LogId {
        self.writer.log()
    }

    /// Writes an entry. Answers what follows.
    pub(super) fn write(&mut self, now: u64, what: What) -> Vec<Output> {
        let entry = Entry { at_ms: self.at(now), what };
        match what {
            What::Signal(Signal::PageUnloading) => self.unloaded = true,
            What::Signal(Signal::PageLoaded) => self.unloaded = false,
            _ => {}
        }
        self.append(entry)
    }

    /// The page before was left without a word, after its last entry.
    pub(super) fn write_unloading(&mut self) -> Vec<Output> {
        self.unloaded = true;
        self.append(Entry { at_ms: self.writer.last_ms(), what: What::Signal(Signal::PageUnloading) })
    }

    fn append(&mut self, entry: Entry) -> Vec<Output> {
        self.writer.append(&entry);
        self.monitor.step(&Entry { at_ms: self.writer.last_ms(), ..entry })
    }

    /// What the candidate is told of because it lasts.
    pub(super) fn warnings(&self) -> Vec<Kind> {
        self.monitor.state().warnings
    }

    /// Whether nothing was written for so long.
    pub(super) fn is_silent(&self, now: u64, ms: u32) -> bool {
        self.at(now).saturating_sub(self.writer.last_ms()) >= ms
    }

    /// Whether the journal is as old as that.
    pub(super) fn is_due(&self, now: u64, ms: u64) -> bool {
        now.saturating_sub(self.kept) >= ms
    }

    /// Bytes of the batches that the server did not acknowledge.
    pub(super) fn waiting(&self) -> usize {
        self.writer.batches().map(<[u8]>::len).sum()
    }

    /// Whether the last that was said of the page is that it is being left.
    pub(super) fn is_unloaded(&self) -> bool {
        self.unloaded
    }

    /// Cuts what was written, and gives the batches that were not sent yet: more than one if one was full before.
    pub(super) fn cut(&mut self) -> Vec<Vec<u8>> {
        self.writer.cut();
        let new: Vec<Vec<u8>> = self.writer.batches().skip(self.sent).map(<[u8]>::to_vec).collect();
        self.sent = self.writer.waiting();
        new
    }

    /// All batches that wait: over one connection nothing gets lost, over a new one they are sent again.
    pub(super) fn send_again(&mut self) -> Vec<Vec<u8>> {
        self.sent = 0;
        self.cut()
    }

    pub(super) fn acknowledge(&mut self, next_seq: u32) {
        let before = self.writer.waiting();
        self.writer.acknowledge(next_seq);
        self.sent = self.sent.saturating_sub(before - self.writer.waiting());
    }

    /// The journal, as it is to be kept now.
    pub(super) fn keep(&mut self, now: u64) -> Vec<u8> {
        self.kept = now;
        Journal::write(&self.writer, self.monitor.checkpoint(), self.unloaded)
    }

    /// This log's time.
    fn at(&self, now: u64) -> u32 {
        u32::try_from((now as i64 - self.zero).max(0)).unwrap_or(u32::MAX)
    }

    /// The time since the first log began.
    pub(super) fn since_first(&self, now: u64) -> u32 {
        self.began_ms.saturating_add(self.at(now))
    }

    /// The page's time of a time since the first log began; negative if the page was not there.
    pub(super) fn page_ms(&self, since_first: u32) -> i64 {
        i64::from(since_first) - i64::from(self.began_ms) + self.zero
    }

    pub(super) fn still(&self, picture: Picture) -> Still {
        Still { at_ms: self.since_first(picture.at), jpeg: picture.jpeg }
    }
}
