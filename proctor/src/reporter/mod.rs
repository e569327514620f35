//! The browser's side of proctoring without the browser: what is looked at and noticed goes in, what is to be sent, kept,
//! captured and shown comes out.
//!
//! Times are the page's: milliseconds of a clock that never runs backwards. Whoever drives a [`Reporter`] does the
//! [`Act`]s it gives, in their order, and calls [`Reporter::advance`] about twice a second.
//!
//! A page that has no log yet (it was not welcomed) remembers what lasts and the last things that happened, and says them when
//! it begins. A log that runs goes on without a connection, and is sent when there is one again.

mod evidence;
mod journal;
mod log;
mod pace;
mod room;
mod standing;
mod words;

use crate::log::LogId;
use crate::observation::Look;
use crate::policy::{Change, Kind, Output, Source, ViolationId};
use crate::signal::{Signal, Stage, What};
use crate::wire::{Beginning, Down, Open, Shown, Up, Welcome, WireError};

pub use evidence::Picture;
use evidence::Pictures;
use journal::Journal;
use log::Log;
pub use pace::{LOOKS_PER_S, News, Pace};
use standing::Standing;
pub use words::{NotASignal, signal};

/// A batch is cut so often (ms) while the server hears it…
const CUT_EVERY_MS: u64 = 2_000;
/// …and the journal is written so often while it does not.
const KEEP_EVERY_MS: u64 = 5_000;
/// What is urgent waits for no longer (ms), so that a storm of it is no storm of batches.
const SOON_MS: u64 = 250;
/// Without entries for so long (ms), the time itself is one.
const TICK_MS: u32 = 1_000;
/// What happens at once is told for so long (ms).
const TOLD_MS: u64 = 8_000;

/// What the page has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Keep this in place of the journal before, before anything that follows is done.
    Keep(Vec<u8>),
    /// Send this, if there is a connection. What has to arrive is given again when there is one.
    Send(Vec<u8>),
    /// The candidate is to be told of these, and of nothing else.
    Warn(Vec<Kind>),
    /// What the server made of it so far, as far as the candidate may see it.
    Verdict(Vec<Shown>),
    /// Take a picture of this very moment, for [`Reporter::spot`] or [`Reporter::refuse`].
    Spot { nonce: u64 },
    /// Take the pictures nearest to these times, for [`Reporter::collected`].
    Collect { violation: ViolationId, at: Vec<u64> },
    /// Take another picture of the candidate's face, for [`Reporter::reference`].
    Capture,
    /// The server has all that it wants: the journal is not needed any more.
    Forget,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Down,
    /// Connected; the server was asked for its welcome.
    Opening,
    Welcomed,
}

/// Reports what happens in one page.
#[derive(Debug)]
pub struct Reporter {
    session: String,
    born_ms: u64,
    link: Link,
    log: Option<Log>,
    /// Of the page before, until the server agrees.
    journal: Option<Journal>,
    /// Why a new log is begun, as long as there is none.
    why: Beginning,
    standing: Standing,
    early: Vec<Signal>,
    /// Whether there was no room for something.
    left_out: bool,
    pictures: Pictures,
    /// Whether the interview is over: nothing more is written, and what is there is sent.
    ended: bool,
    reference: Option<Vec<u8>>,
    /// What happened at once and is told, and until when.
    told: Vec<(Kind, u64)>,
    shown: Vec<Kind>,
    /// How long (ms) what was written may wait.
    patience: u64,
    acts: Vec<Act>,
}

impl Reporter {
    /// A page begins at `now`. `journal`: what the page before left for this session, if anything.
    pub fn new(session: &str, journal: Option<&[u8]>, now: u64) -> Reporter {
        let read = journal.map(Journal::read);
        Reporter {
            session: session.to_owned(),
            born_ms: now,
            link: Link::Down,
            log: None,
            why: if matches!(read, Some(Err(_))) { Beginning::BrokenJournal } else { Beginning::NoJournal },
            journal: read.and_then(Result::ok),
            standing: Standing::default(),
            early: Vec::new(),
            left_out: false,
            pictures: Pictures::default(),
            ended: false,
            reference: None,
            told: Vec::new(),
            shown: Vec::new(),
            patience: CUT_EVERY_MS,
            acts: Vec::new(),
        }
    }

    /// The channel stands: the server hears what is sent.
    pub fn connected(&mut self) -> Vec<Act> {
        self.open();
        self.take()
    }

    /// The channel is lost.
    pub fn lost(&mut self, now: u64) -> Vec<Act> {
        self.link = Link::Down;
        self.signal(now, Signal::NetworkLost)
    }

    /// Takes a look at the picture.
    pub fn look(&mut self, now: u64, look: Look) -> Vec<Act> {
        self.record(now, What::Look(look));
        self.advance(now)
    }

    /// Takes what the page noticed. What is so already is passed over.
    pub fn signal(&mut self, now: u64, signal: Signal) -> Vec<Act> {
        if !self.standing.note(signal) {
            return self.advance(now);
        }
        self.record(now, What::Signal(signal));
        if signal == Signal::Stage(Stage::Ended) {
            self.ended = true;
            self.pictures.hurry(now);
        }
        if signal == Signal::PageLoaded {
            self.say_afresh(now);
        }
        // An answer may be the last thing that is said.
        let at_once =
            matches!(signal, Signal::AnswerSubmitted(_) | Signal::PageUnloading | Signal::Stage(Stage::Ended));
        self.pass_on(now, if at_once { 0 } else { CUT_EVERY_MS });
        self.advance(now)
    }

    /// Takes a message of the server.
    ///
    /// # Errors
    /// When it is none: the page is older or newer than the server.
    pub fn receive(&mut self, now: u64, message: &[u8]) -> Result<Vec<Act>, WireError> {
        match Down::decode(message)? {
            Down::Welcome(welcome) => self.begin(now, &welcome),
            Down::Ack { log, next_seq } => {
                if let Some(mine) = self.log.as_mut().filter(|mine| mine.id() == log) {
                    mine.acknowledge(next_seq);
                    self.catch_up(now);
                }
            }
            Down::BeginAnew { log } => {
                if self.known() == Some(log) {
                    self.begin_anew(Beginning::Refused);
                }
            }
            Down::ShowMe { nonce } => self.acts.push(Act::Spot { nonce }),
            Down::WantEvidence { violation } => self.want(violation),
            Down::Verdict(shown) => self.acts.push(Act::Verdict(shown)),
            Down::ReferenceRefused => {
                self.reference = None;
                self.acts.push(Act::Capture);
            }
            Down::Farewell => self.acts.push(Act::Forget),
            Down::OpenAgain if self.link != Link::Down => self.open(),
            Down::OpenAgain => {}
        }
        Ok(self.advance(now))
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: u64) -> Vec<Act> {
        if self.log.as_ref().is_some_and(|log| log.is_silent(now, TICK_MS)) {
            self.record(now, What::Signal(Signal::Tick));
        }
        if self.told.iter().any(|(_, until)| *until <= now) {
            self.told.retain(|(_, until)| *until > now);
            self.show();
        }
        for (violation, at) in self.pictures.due(now) {
            self.acts.push(Act::Collect { violation, at });
        }
        self.pass_on(now, CUT_EVERY_MS);
        self.take()
    }

    /// The log that it goes on with.
    fn known(&self) -> Option<LogId> {
        self.log.as_ref().map(Log::id).or(self.journal.as_ref().map(Journal::log))
    }

    fn open(&mut self) {
        self.link = Link::Opening;
        self.send(Up::Open(self.known().map_or(Open::New(self.why), Open::Resume)));
    }

    fn begin(&mut self, now: u64, welcome: &Welcome) {
        if self.link != Link::Opening {
            return;
        }
        let running = self.log.take().filter(|log| log.id() == welcome.log);
        let kept = self.journal.take().filter(|journal| journal.log() == welcome.log);
        let begun = match (running, kept) {
            (Some(log), _) => log.go_on(now, welcome).map(|log| (log, After::Break)),
            (None, Some(journal)) => {
                let unloaded = journal.unloaded;
                Log::resume(journal, now, welcome).map(|log| (log, After::Load { unloaded }))
            }
            (None, None) => Log::begin(&self.session, now, welcome).map(|log| (log, After::Nothing)),
        };
        let Some((mut log, after)) = begun else { return self.begin_anew(Beginning::BrokenJournal) };
        self.link = Link::Welcomed;
        let batches = log.send_again();
        self.acts.push(Act::Keep(log.keep(now)));
        for batch in batches {
            self.send(Up::Batch(batch));
        }
        let unloading = if let After::Load { unloaded: false } = after { log.write_unloading() } else { Vec::new() };
        self.log = Some(log);
        self.follow(now, &unloading);
        if let After::Break = after {
            self.standing.note(Signal::Reconnected);
            self.record(now, What::Signal(Signal::Reconnected));
        } else {
            self.record(self.born_ms, What::Signal(Signal::PageLoaded));
            self.say_afresh(now);
        }
        for signal in std::mem::take(&mut self.early) {
            self.record(now, What::Signal(signal));
        }
        self.catch_up(now);
        self.send_reference();
        self.show();
        // A new log is in the journal before the next page looks for it.
        self.pass_on(now, 0);
    }

    fn begin_anew(&mut self, why: Beginning) {
        self.why = why;
        self.log = None;
        self.left_out = false;
        self.journal = None;
        self.link = Link::Opening;
        self.send(Up::Open(Open::New(why)));
    }

    /// Says what lasts, into a log that does not know it.
    fn say_afresh(&mut self, now: u64) {
        for signal in self.standing.lasting() {
            self.record(now, What::Signal(signal));
        }
    }

    fn record(&mut self, now: u64, what: What) {
        if !self.ended {
            self.write(now, what);
        }
    }

    /// Writes it, or remembers it where there is no log, or no room.
    fn write(&mut self, now: u64, what: What) {
        let has_room = self.has_room();
        let Some(log) = self.log.as_mut().filter(|_| has_room) else {
            self.left_out |= self.log.is_some();
            return self.remember(what);
        };
        let outputs = log.write(now, what);
        self.follow(now, &outputs);
    }

    /// What follows from what was written.
    fn follow(&mut self, now: u64, outputs: &[Output]) {
        let Some(log) = &self.log else { return };
        for output in outputs {
            match output {
                Output::Warning(kind) if kind.source() == Source::Instant => {
                    self.told.retain(|(told, _)| told != kind);
                    self.told.push((*kind, now + TOLD_MS));
                }
                Output::Violation(change, violation) if violation.evidence && *change != Change::Ended => {
                    let from = log.page_ms(violation.id.from_ms);
                    self.pictures.ask(violation.id, from, now);
                }
                _ => {}
            }
        }
        if outputs.is_empty() {
            return;
        }
        self.show();
        let news = |output: &Output| !matches!(output, Output::Cleared(_) | Output::Violation(Change::Ended, _));
        if outputs.iter().any(news) {
            self.pass_on(now, SOON_MS);
        }
    }

    /// Cuts a batch, keeps and sends it, if it is older than it may be: `patience` (ms), or what was said before.
    fn pass_on(&mut self, now: u64, patience: u64) {
        self.patience = self.patience.min(patience);
        let is_up = self.link == Link::Welcomed;
        let Some(log) = &mut self.log else { return };
        if !log.is_due(now, if is_up || self.patience < CUT_EVERY_MS { self.patience } else { KEEP_EVERY_MS }) {
            return;
        }
        self.patience = CUT_EVERY_MS;
        let batches = if is_up { log.cut() } else { Vec::new() };
        let journal = log.keep(now);
        self.acts.push(Act::Keep(journal));
        for batch in batches {
            self.send(Up::Batch(batch));
        }
    }

    /// Tells the page what the candidate is told of, if that changed.
    fn show(&mut self) {
        let lasting = self.log.as_ref().map(Log::warnings).unwrap_or_default();
        let shown: Vec<Kind> = lasting.into_iter().chain(self.told.iter().map(|(kind, _)| *kind)).collect();
        if shown != self.shown {
            self.shown.clone_from(&shown);
            self.acts.push(Act::Warn(shown));
        }
    }

    /// Whether it can be sent at all.
    fn send(&mut self, up: Up) -> bool {
        let bytes = up.encode();
        let fits = bytes.is_ok();
        self.acts.extend(bytes.ok().map(Act::Send));
        fits
    }

    fn take(&mut self) -> Vec<Act> {
        std::mem::take(&mut self.acts)
    }
}

/// What a log goes on after.
enum After {
    /// A connection that was lost.
    Break,
    /// The page was loaded anew.
    Load { unloaded: bool },
    /// It is new.
    Nothing,
}
