//! A page that reports to a server, over connections that break, through reloads and in two tabs.

use proctor::log::{Arrival, Finding, Ledger, LogId, Nonce, Receipt};
use proctor::observation::{Head, Look};
use proctor::policy::{Change, Kind, Monitor, Output, Policy, Violation, ViolationId};
use proctor::reporter::{Act, Picture, Reporter};
use proctor::signal::{Entry, Signal, Stage, Typing, What};
use proctor::wire::{Beginning, Down, NoFrame, Open, Shown, Still, Up, Welcome};

const SESSION: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
/// The server's clock when the page's stands at 0.
const EPOCH: i64 = 1_700_000_000_000;

const THERE: Look = Look::Clear { faces: 1, head: Some(Head { yaw: 0, pitch: 0 }) };
const NOBODY: Look = Look::Clear { faces: 0, head: None };

/// A server in small: one interview's logs.
struct Server {
    first_ms: Option<i64>,
    logs: Vec<(Nonce, Ledger)>,
    monitor: Monitor,
    connected_ms: i64,
    entries: Vec<Entry>,
    outputs: Vec<Output>,
    findings: Vec<Finding>,
    opened: Vec<Open>,
    other: Vec<Up>,
    /// Whether it forgets to acknowledge.
    mute: bool,
}

impl Server {
    fn new() -> Server {
        Server {
            first_ms: None,
            logs: Vec::new(),
            monitor: Monitor::new(&Policy::default()),
            connected_ms: 0,
            entries: Vec::new(),
            outputs: Vec::new(),
            findings: Vec::new(),
            opened: Vec::new(),
            other: Vec::new(),
            mute: false,
        }
    }

    fn hear(&mut self, now: i64, bytes: &[u8]) -> Vec<Down> {
        match Up::decode(bytes).expect("a message") {
            Up::Open(open) => {
                self.opened.push(open);
                self.connected_ms = now;
                match open {
                    Open::Resume(log) if self.current() == Some(log) => {}
                    Open::Resume(log) => return vec![Down::BeginAnew { log }],
                    Open::New(_) => {
                        let first = *self.first_ms.get_or_insert(now);
                        let log = LogId(self.logs.len() as u32);
                        let nonce = [log.0 as u8; 16];
                        self.logs.push((nonce, Ledger::new(SESSION, log, &nonce, now)));
                        let outputs = self.monitor.begin_log((now - first) as u32);
                        self.outputs.extend(outputs);
                    }
                }
                vec![self.welcome(now)]
            }
            Up::Batch(batch) => {
                let Some((_, ledger)) = self.logs.last_mut() else { return Vec::new() };
                match ledger.accept(&batch, Arrival { at_ms: now, connected_since_ms: self.connected_ms }) {
                    Receipt::Accepted { entries, findings } => {
                        self.outputs.extend(entries.iter().flat_map(|entry| self.monitor.step(entry)));
                        self.entries.extend(entries);
                        self.findings.extend(findings);
                    }
                    Receipt::Duplicate | Receipt::Gap { .. } => {}
                    Receipt::Refused(finding) => self.findings.push(finding),
                }
                if self.mute { Vec::new() } else { vec![self.ack()] }
            }
            other => {
                self.other.push(other);
                Vec::new()
            }
        }
    }

    fn current(&self) -> Option<LogId> {
        self.logs.last().map(|(_, ledger)| ledger.log())
    }

    fn ack(&self) -> Down {
        let (_, ledger) = self.logs.last().expect("a log");
        Down::Ack { log: ledger.log(), next_seq: ledger.next_seq() }
    }

    fn welcome(&self, now: i64) -> Down {
        let (nonce, ledger) = self.logs.last().expect("a log");
        let opened = self.opened_ms(ledger);
        Down::Welcome(Box::new(Welcome {
            log: ledger.log(),
            nonce: *nonce,
            next_seq: ledger.next_seq(),
            head: ledger.head(),
            began_ms: (opened - self.first_ms.expect("a first log")) as u32,
            log_ms: (now - opened) as u32,
            policy: Policy::default(),
        }))
    }

    /// A real server keeps it beside the ledger.
    fn opened_ms(&self, ledger: &Ledger) -> i64 {
        let json = serde_json::to_value(ledger).expect("plain fields");
        json["timing"]["opened_ms"].as_i64().expect("a time")
    }

    fn violations(&self) -> Vec<Violation> {
        let mut found: Vec<Violation> = Vec::new();
        for output in &self.outputs {
            if let Output::Violation(change, violation) = output {
                found.retain(|known| known.id != violation.id);
                assert!(*change != Change::Ended || violation.to_ms.is_some());
                found.push(*violation);
            }
        }
        found
    }

    fn signals(&self) -> Vec<Signal> {
        let told = self.entries.iter().filter_map(|entry| match entry.what {
            What::Signal(Signal::Tick) | What::Look(_) => None,
            What::Signal(signal) => Some(signal),
        });
        told.collect()
    }
}

/// A page, its journal, and its way to the server. Time is the server's.
struct Page {
    reporter: Reporter,
    /// The page's clock began then.
    born_ms: i64,
    journal: Option<Vec<u8>>,
    up: bool,
    warned: Vec<Kind>,
    verdict: Vec<Shown>,
    spots: Vec<u64>,
    collect: Vec<(ViolationId, Vec<u64>)>,
    captures: u32,
    forgotten: bool,
}

impl Page {
    fn load(now: i64, journal: Option<Vec<u8>>) -> Page {
        Page {
            reporter: Reporter::new(SESSION, journal.as_deref(), 0),
            born_ms: now,
            journal,
            up: false,
            warned: Vec::new(),
            verdict: Vec::new(),
            spots: Vec::new(),
            collect: Vec::new(),
            captures: 0,
            forgotten: false,
        }
    }

    fn ms(&self, now: i64) -> u64 {
        (now - self.born_ms) as u64
    }

    fn act(&mut self, server: &mut Server, now: i64, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Keep(journal) => self.journal = Some(journal),
                Act::Send(bytes) => {
                    for down in if self.up { server.hear(now, &bytes) } else { Vec::new() } {
                        self.hear(server, now, &down);
                    }
                }
                Act::Warn(kinds) => self.warned = kinds,
                Act::Verdict(shown) => self.verdict = shown,
                Act::Spot { nonce } => self.spots.push(nonce),
                Act::Collect { violation, at } => self.collect.push((violation, at)),
                Act::Capture => self.captures += 1,
                Act::Forget => self.forgotten = true,
            }
        }
    }

    fn hear(&mut self, server: &mut Server, now: i64, down: &Down) {
        let acts = self.reporter.receive(self.ms(now), &down.encode().expect("small")).expect("a message");
        self.act(server, now, acts);
    }

    fn connect(&mut self, server: &mut Server, now: i64) {
        self.up = true;
        let acts = self.reporter.connected();
        self.act(server, now, acts);
    }

    fn lose(&mut self, server: &mut Server, now: i64) {
        self.up = false;
        let acts = self.reporter.lost(self.ms(now));
        self.act(server, now, acts);
    }

    fn say(&mut self, server: &mut Server, now: i64, signal: Signal) {
        let acts = self.reporter.signal(self.ms(now), signal);
        self.act(server, now, acts);
    }

    /// Looks twice a second until `to`. Answers `to`.
    fn look(&mut self, server: &mut Server, from: i64, to: i64, look: Look) -> i64 {
        for now in (from..to).step_by(500) {
            let acts = self.reporter.look(self.ms(now), look);
            self.act(server, now, acts);
        }
        to
    }

    /// Notices more than there is room for. Answers when that was.
    fn copy_without_end(&mut self, server: &mut Server, from: i64) -> i64 {
        let to = from + 300_000;
        for now in from..to {
            self.say(server, now, Signal::Copied);
        }
        to
    }
}

fn begun() -> (Server, Page, i64) {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    page.say(&mut server, EPOCH + 10, Signal::Stage(Stage::DeviceCheck));
    page.connect(&mut server, EPOCH + 400);
    page.say(&mut server, EPOCH + 900, Signal::Stage(Stage::Interview));
    let now = page.look(&mut server, EPOCH + 1_000, EPOCH + 10_000, THERE);
    (server, page, now)
}

#[test]
fn log_begins_with_what_is_so_and_what_happened_before() {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    for signal in [Signal::Stage(Stage::Interview), Signal::PageHidden, Signal::Copied, Signal::PageShown] {
        page.say(&mut server, EPOCH + 10, signal);
    }
    page.connect(&mut server, EPOCH + 400);
    assert_eq!(server.opened, [Open::New(Beginning::NoJournal)]);
    assert_eq!(server.signals(), [Signal::PageLoaded, Signal::Stage(Stage::Interview), Signal::Copied]);
    assert_eq!(server.findings, []);
}

#[test]
fn batch_is_cut_every_two_seconds_and_at_once_when_something_happens() {
    let (mut server, mut page, now) = begun();
    let batches = |server: &Server| server.logs[0].1.next_seq();
    let before = batches(&server);
    let now = page.look(&mut server, now, now + 20_000, THERE);
    assert_eq!(batches(&server) - before, 10);
    page.say(&mut server, now + 100, Signal::Pasted { chars: 400, from_question: false });
    assert_eq!(server.violations()[0].id.kind, Kind::Paste);
    assert_eq!(page.warned, [Kind::Paste]);
    page.look(&mut server, now + 500, now + 10_000, THERE);
    assert_eq!(page.warned, []);
    assert_eq!(server.findings, []);
}

#[test]
fn candidate_is_warned_and_told_no_more_once_it_is_mended() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 4_500, NOBODY);
    assert_eq!(page.warned, [Kind::NoFace]);
    page.look(&mut server, now, now + 2_000, THERE);
    assert_eq!(page.warned, []);
}

#[test]
fn time_is_told_where_nothing_is_seen() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::PageHidden);
    for at in (now..now + 12_000).step_by(500) {
        let acts = page.reporter.advance(page.ms(at));
        page.act(&mut server, at, acts);
    }
    let exit = server.violations()[0];
    assert_eq!((exit.id.kind, exit.to_ms), (Kind::WindowExit, None));
    let gaps = server.entries.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms);
    assert!(gaps.max().unwrap() <= 1_500);
}

#[test]
fn offline_for_minutes_costs_nothing_and_is_no_finding() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    let now = page.look(&mut server, now, now + 150_000, THERE);
    let now = page.look(&mut server, now, now + 20_000, NOBODY);
    let now = page.look(&mut server, now, now + 180_000, THERE);
    let before = server.entries.len();
    page.connect(&mut server, now);
    let now = page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 700);
    assert_eq!(server.findings, []);
    let nobody = server.violations()[0];
    assert_eq!(nobody.id.kind, Kind::NoFace);
    assert_eq!(i64::from(nobody.id.from_ms), now - 205_000 - (EPOCH + 400));
    assert!(server.signals().ends_with(&[Signal::NetworkLost, Signal::Reconnected]));
}

#[test]
fn page_that_is_loaded_anew_goes_on_with_its_log() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::PageUnloading);
    let now = now + 3_000;
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now + 10, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 700);
    page.look(&mut server, now + 1_000, now + 30_000, THERE);
    assert_eq!(server.opened[1], Open::Resume(LogId(0)));
    assert_eq!(server.findings, []);
    let reload = server.violations()[0];
    assert_eq!(reload.id.kind, Kind::Reload);
    assert_eq!(reload.to_ms.unwrap() - reload.id.from_ms, 3_000);
}

#[test]
fn page_that_went_without_a_word_is_noticed_by_the_next_one() {
    let (mut server, mut page, now) = begun();
    // What was not sent is in the journal.
    page.lose(&mut server, now);
    page.look(&mut server, now, now + 20_000, NOBODY);
    let now = now + 80_000;
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now + 10, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 300);
    page.look(&mut server, now + 500, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    let kinds: Vec<Kind> = server.violations().iter().map(|violation| violation.id.kind).collect();
    assert!(kinds.contains(&Kind::NoFace) && kinds.contains(&Kind::Reload), "{kinds:?}");
}

#[test]
fn both_sides_come_to_the_same_after_a_reload() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 6_000, NOBODY);
    let now = page.look(&mut server, now, now + 2_000, THERE);
    let first = server.violations()[0];
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 100);
    let now = page.look(&mut server, now + 200, now + 1_500, THERE);
    // Within the cool-down: the same violation goes on.
    page.look(&mut server, now, now + 6_000, NOBODY);
    let server_ids: Vec<ViolationId> = server.violations().iter().map(|violation| violation.id).collect();
    assert!(server_ids.contains(&first.id));
    assert!(page.collect.iter().all(|(id, _)| server_ids.contains(id)));
}

#[test]
fn broken_journal_is_said_to_be_broken() {
    let (mut server, page, now) = begun();
    let mut journal = page.journal.unwrap();
    let last = journal.len() / 2;
    journal[last] ^= 1;
    journal.truncate(last + 20);
    let mut page = Page::load(now, Some(journal));
    page.connect(&mut server, now + 100);
    assert_eq!(server.opened[1], Open::New(Beginning::BrokenJournal));
    page.look(&mut server, now + 200, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    assert_eq!(server.current(), Some(LogId(1)));
}

#[test]
fn of_two_tabs_with_one_journal_the_one_that_comes_back_begins_anew() {
    let (mut server, mut first, now) = begun();
    first.lose(&mut server, now);
    let mut second = Page::load(now, first.journal.clone());
    second.say(&mut server, now, Signal::Stage(Stage::Interview));
    second.connect(&mut server, now + 100);
    let now = second.look(&mut server, now + 200, now + 10_000, THERE);
    second.lose(&mut server, now);
    first.connect(&mut server, now);
    assert_eq!(server.opened[2..], [Open::Resume(LogId(0)), Open::New(Beginning::BrokenJournal)]);
    first.look(&mut server, now, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    // A new log knows how far the interview is.
    let stage = Signal::Stage(Stage::Interview);
    assert!(server.signals().ends_with(&[Signal::PageLoaded, stage]), "{:?}", server.signals());
}

#[test]
fn refused_log_is_begun_anew() {
    let (mut server, mut page, now) = begun();
    page.hear(&mut server, now, &Down::BeginAnew { log: LogId(7) });
    assert_eq!(server.opened.len(), 1);
    page.hear(&mut server, now, &Down::BeginAnew { log: LogId(0) });
    assert_eq!(server.opened[1], Open::New(Beginning::Refused));
    let before = server.entries.len();
    page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 5);
    assert_eq!(server.findings, []);
}

#[test]
fn log_that_the_server_lost_its_place_in_is_opened_again_and_goes_on() {
    let (mut server, mut page, now) = begun();
    server.mute = true;
    let now = page.look(&mut server, now, now + 5_000, THERE);
    server.mute = false;
    page.hear(&mut server, now, &Down::OpenAgain);
    assert_eq!(server.opened[1], Open::Resume(LogId(0)));
    let before = server.entries.len();
    page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 5);
    assert_eq!((server.findings.len(), server.logs.len()), (0, 1));
    page.lose(&mut server, now);
    page.hear(&mut server, now, &Down::OpenAgain);
    assert_eq!(server.opened.len(), 2, "a word of a connection that is lost");
}

#[test]
fn what_was_not_acknowledged_is_sent_again_over_the_next_connection_and_changes_nothing() {
    let (mut server, mut page, now) = begun();
    server.mute = true;
    let before = server.entries.len();
    let now = page.look(&mut server, now, now + 120_000, THERE);
    let entries = server.entries.len();
    assert!(entries >= before + 235, "a store that is down for minutes costs nothing: {entries}");
    page.lose(&mut server, now);
    server.mute = false;
    page.connect(&mut server, now + 1_000);
    page.look(&mut server, now + 1_500, now + 3_000, THERE);
    assert!(server.entries.len() < entries + 12);
    assert_eq!(server.findings, []);
}

#[test]
fn answer_and_end_are_told_at_once() {
    let (mut server, mut page, now) = begun();
    let typing = Typing { chars: 10, shown_ms: 9_000, typing_ms: 4_000, pasted_chars: 0 };
    page.say(&mut server, now, Signal::AnswerSubmitted(typing));
    assert_eq!(server.signals().last(), Some(&Signal::AnswerSubmitted(typing)));
    page.say(&mut server, now + 100, Signal::Stage(Stage::Ended));
    assert_eq!(server.signals().last(), Some(&Signal::Stage(Stage::Ended)));
}

#[test]
fn pictures_are_taken_around_a_violation_and_sent_when_they_are_wanted() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 7_000, NOBODY);
    let (violation, at) = page.collect[0].clone();
    let from = page.ms(now - 7_000);
    assert_eq!(
        at,
        [5, 3, 1].map(|s| from - s * 1_000).into_iter().chain([1, 3, 5].map(|s| from + s * 1_000)).collect::<Vec<_>>()
    );
    assert_eq!(violation, server.violations()[0].id);

    let acts = page.reporter.collected(violation, vec![Picture { at: from, jpeg: vec![1; 9] }]);
    page.act(&mut server, now, acts);
    assert!(server.other.is_empty());
    page.hear(&mut server, now, &Down::WantEvidence { violation });
    let still = Still { at_ms: violation.from_ms, jpeg: vec![1; 9] };
    assert_eq!(server.other, [Up::Evidence { violation, stills: vec![still] }]);

    // One that only the server knows of is collected when it asks.
    let other = ViolationId { from_ms: violation.from_ms + 3_000, kind: Kind::Contradiction };
    page.hear(&mut server, now, &Down::WantEvidence { violation: other });
    assert_eq!(page.collect.last().unwrap().0, other);
    let acts = page.reporter.collected(other, Vec::new());
    page.act(&mut server, now, acts);
    assert_eq!(server.other.last(), Some(&Up::Evidence { violation: other, stills: Vec::new() }));
}

#[test]
fn spot_check_is_answered_with_a_picture_or_why_not() {
    let (mut server, mut page, now) = begun();
    page.hear(&mut server, now, &Down::ShowMe { nonce: 5 });
    assert_eq!(page.spots, [5]);
    let at = page.ms(now);
    let acts = page.reporter.spot(5, at, Some(THERE), vec![1, 2, 3]);
    page.act(&mut server, now, acts);
    let at_ms = (now - EPOCH - 400) as u32;
    assert_eq!(server.other, [Up::Frame { nonce: 5, at_ms, claim: Some(THERE), jpeg: vec![1, 2, 3] }]);
    let acts = page.reporter.refuse(6, NoFrame::CameraOff);
    page.act(&mut server, now, acts);
    let acts = page.reporter.spot(7, at, None, vec![0; proctor::wire::MAX_JPEG + 1]);
    page.act(&mut server, now, acts);
    assert_eq!(server.other[1], Up::Refused { nonce: 6, why: NoFrame::CameraOff });
    assert_eq!(server.other[2], Up::Refused { nonce: 7, why: NoFrame::NotReady });
}

#[test]
fn reference_is_sent_on_every_connection_until_the_server_has_it() {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    let acts = page.reporter.reference(vec![7; 10]);
    page.act(&mut server, EPOCH, acts);
    page.connect(&mut server, EPOCH + 100);
    page.lose(&mut server, EPOCH + 200);
    page.connect(&mut server, EPOCH + 300);
    page.reporter.reference_taken();
    page.lose(&mut server, EPOCH + 400);
    page.connect(&mut server, EPOCH + 500);
    assert_eq!(server.other, vec![Up::Reference { jpeg: vec![7; 10] }; 2]);
}

#[test]
fn reference_that_is_refused_is_taken_anew() {
    let (mut server, mut page, now) = begun();
    let acts = page.reporter.reference(vec![1]);
    page.act(&mut server, now, acts);
    page.hear(&mut server, now, &Down::ReferenceRefused);
    assert_eq!(page.captures, 1);
    page.lose(&mut server, now + 100);
    page.connect(&mut server, now + 200);
    assert_eq!(server.other, [Up::Reference { jpeg: vec![1] }], "what was refused is not sent again");
}

#[test]
fn what_is_not_sent_when_the_interview_ends_is_sent_over_the_next_connection() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    page.say(&mut server, now, Signal::Pasted { chars: 400, from_question: false });
    let now = page.look(&mut server, now, now + 3_000, THERE);
    assert_eq!(page.collect, [], "it is shown for some seconds more");
    page.say(&mut server, now, Signal::Stage(Stage::Ended));
    let Some((violation, _)) = page.collect.pop() else { panic!("nothing more will be seen, so it is collected now") };
    let stills = vec![Picture { at: page.ms(now), jpeg: vec![1] }];
    let acts = page.reporter.collected(violation, stills);
    page.act(&mut server, now, acts);
    let before = server.entries.len();
    page.look(&mut server, now + 1_000, now + 4_000, THERE);
    page.connect(&mut server, now + 5_000);
    let ended = Entry { what: What::Signal(Signal::Stage(Stage::Ended)), ..*server.entries.last().expect("some") };
    assert_eq!(server.entries.last(), Some(&ended), "nothing is looked at after the end");
    assert!(server.entries.len() > before + 5);
    page.hear(&mut server, now + 5_000, &Down::WantEvidence { violation });
    assert!(matches!(&server.other[..], [Up::Evidence { stills, .. }] if stills.len() == 1), "{:?}", server.other);
    assert!(!page.forgotten);
    page.hear(&mut server, now + 5_100, &Down::Farewell);
    assert!(page.forgotten);
}

#[test]
fn what_found_no_room_is_said_once_there_is_room() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::WindowBlurred);
    page.lose(&mut server, now);
    let now = page.copy_without_end(&mut server, now);
    let (focused, pasted) = (Signal::WindowFocused, Signal::Pasted { chars: 400, from_question: false });
    for signal in [Signal::PageUnloading, Signal::PageLoaded, focused, pasted] {
        page.say(&mut server, now, signal);
    }
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 5_000, THERE);
    let signals = server.signals();
    assert!(signals.contains(&focused) && signals.contains(&pasted), "{:?}", &signals[signals.len() - 20..]);
    let exit = server.violations().into_iter().find(|violation| violation.id.kind == Kind::WindowExit);
    assert!(exit.is_some_and(|exit| exit.to_ms.is_some()), "{exit:?}");

    // So is the end.
    page.lose(&mut server, now + 5_000);
    let now = page.copy_without_end(&mut server, now + 5_000);
    let ended = Signal::Stage(Stage::Ended);
    page.say(&mut server, now, ended);
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 3_000, THERE);
    assert_eq!(server.signals().last(), Some(&ended));
    assert_eq!(server.findings, []);
}

#[test]
fn verdict_of_the_server_is_shown() {
    let (mut server, mut page, now) = begun();
    let shown = Shown { kind: Kind::NoFace, severity: proctor::policy::Severity::Medium, from_ms: 1, to_ms: Some(2) };
    page.hear(&mut server, now, &Down::Verdict(vec![shown]));
    assert_eq!(page.verdict, [shown]);
}

#[test]
fn machine_that_slept_goes_on_with_the_servers_time() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    // The page's clock stood still for ten minutes.
    page.born_ms += 600_000;
    let now = now + 600_000;
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 60_000, THERE);
    assert_eq!(server.findings, []);
    assert!(i64::from(server.entries.last().unwrap().at_ms) > 655_000);
}

#[test]
fn storm_of_events_is_no_storm_of_batches_and_what_waits_is_bounded() {
    let (mut server, mut page, now) = begun();
    let before = server.logs[0].1.next_seq();
    for at in now..now + 4_000 {
        page.say(&mut server, at, Signal::Copied);
    }
    assert!(server.logs[0].1.next_seq() - before <= 17);

    let now = now + 4_000;
    page.lose(&mut server, now);
    let now = page.copy_without_end(&mut server, now);
    let before = server.entries.len();
    page.connect(&mut server, now);
    let told = server.entries.len() - before;
    assert!((200_000..260_000).contains(&told), "{told}");
    page.look(&mut server, now + 500, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    assert!(server.entries.last().is_some_and(|last| matches!(last.what, What::Look(_))));
}
