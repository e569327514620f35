//! Walks through a log by a policy.

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::judge;
use super::kind::{Kind, Source};
use super::restless::Restless;
use super::silence::{Silence, Watch};
use super::track::{Run, Tracking};
use super::tracks::Tracks;
use super::unreported::Unreported;
use super::violation::{Output, Violation};
use super::{MAX_GAP_MS, Policy};
use crate::log::ahead_ms;
use crate::observation::Look;
use crate::signal::{Device, Entry, Signal, Sound, Stage, What};

/// What an interview's logs come to, entry by entry. The same entries give the same outputs, wherever and in whatever portions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    policy: Policy,
    pub(super) memory: Memory,
}

/// All that a monitor remembers: a checkpoint, from which another goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// When the log that is read began, in ms since the first one.
    began_ms: u32,
    now_ms: u32,
    pub(super) conditions: Conditions,
    looks_every_ms: u32,
    tracks: Tracks,
    restless: Restless,
    pub(super) silence: Silence,
    pub(super) unreported: Unreported,
    /// Grave violations.
    grave: u32,
    /// The newest of each kind is among them.
    counted: u64,
    terminated: bool,
}

// `counted` has a bit for each.
const _: () = assert!(Kind::COUNT <= u64::BITS as usize);

/// How things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub stage: Stage,
    /// The time of the last entry, in ms since the first log began.
    pub now_ms: u32,
    /// What the candidate is told of right now.
    pub warnings: Vec<Kind>,
    pub running: Vec<Violation>,
}

impl Monitor {
    pub fn new(policy: &Policy) -> Monitor {
        let memory = Memory {
            began_ms: 0,
            now_ms: 0,
            conditions: Conditions::unsaid(policy, 0),
            looks_every_ms: 0,
            tracks: Tracks::default(),
            restless: Restless::default(),
            silence: Silence::default(),
            unreported: Unreported::default(),
            grave: 0,
            counted: 0,
            terminated: false,
        };
        Monitor::resume(policy, memory)
    }

    /// Goes on from a checkpoint, by the same policy. The channel counts as lost until [`Watch`] says that it is
    /// up: nobody knows how long ago the checkpoint was made.
    pub fn resume(policy: &Policy, mut memory: Memory) -> Monitor {
        memory.silence.forget_channel();
        Monitor { policy: policy.clone(), memory }
    }

    pub fn checkpoint(&self) -> &Memory {
        &self.memory
    }

    /// A new log of the same interview begins, `began_ms` after the first one. What goes on is broken off, since nothing is
    /// known of the time between; what was counted stays. It is a reload, whether or not the log before said so.
    pub fn begin_log(&mut self, began_ms: u32) -> Vec<Output> {
        let mut outputs = Vec::new();
        let now = self.memory.now_ms.max(began_ms);
        let known =
            self.memory.now_ms == 0 || self.memory.tracks.get(Kind::Reload).is_some_and(|track| track.run.is_some());
        // It may be another browser's: what was excused does not count against that one.
        for kind in Kind::ALL.into_iter().filter(|kind| self.excuse(*kind).is_some()).collect::<Vec<_>>() {
            self.track(kind, &mut outputs, |tracking| tracking.end());
        }
        self.each_of_log(&mut outputs, |tracking| tracking.break_off());
        if !known && self.memory.conditions.began_ms(now).is_some() {
            self.track(Kind::Reload, &mut outputs, |tracking| tracking.happens(now));
        }
        self.memory.began_ms = began_ms;
        self.memory.now_ms = now;
        self.memory.conditions.forget(&self.policy, now);
        self.memory.conditions.can_share = None;
        self.memory.looks_every_ms = 0;
        outputs
    }

    /// Takes the next entry. A time before that of the last entry is taken for the last entry's. After the interview's end
    /// ([`Watch::Ended`](super::Watch)) only the log's own end is taken.
    pub fn step(&mut self, entry: &Entry) -> Vec<Output> {
        let mut outputs = Vec::new();
        let mut now = self.memory.began_ms.saturating_add(entry.at_ms).max(self.memory.now_ms);
        if let Some(ended_ms) = self.memory.silence.ended_ms.filter(|ended_ms| now > *ended_ms) {
            if entry.what != What::Signal(Signal::Stage(Stage::Ended)) {
                return outputs;
            }
            now = ended_ms.max(self.memory.now_ms);
        }
        self.memory.now_ms = now;
        let excused = self.memory.conditions.excuses_looks(now, &self.policy);
        if excused {
            self.memory.silence.excused(now);
        }
        let gap_ms = self.gap_ms();
        if matches!(entry.what, What::Look(_)) {
            self.memory.silence.looked(now, gap_ms);
            self.memory.conditions.no_vision = false;
        }
        if self.memory.conditions.no_vision {
            // No look will say so.
            for kind in Kind::of(Source::Looks) {
                self.track(kind, &mut outputs, |tracking| tracking.end_after_gap(now, gap_ms));
            }
        }
        for kind in Kind::of(Source::Lasting) {
            let since = self.memory.conditions.lasts_since(kind, now, &self.policy);
            self.track(kind, &mut outputs, |tracking| tracking.lasts(now, since));
        }
        self.memory.conditions.hear(now, entry.what);
        match entry.what {
            What::Look(look) => self.look(now, look, &mut outputs),
            What::Signal(signal) => self.signal(now, signal, &mut outputs),
        }
        if !excused && self.memory.conditions.excuses_looks(now, &self.policy) {
            self.memory.silence.begin_excuse(now);
        }
        outputs
    }

    /// Takes the entries of a batch that came at `at_ms` by the server's time since the first log began. Nothing is told of
    /// that is yet to come: no entry's time is later than that of its arrival, but for what clocks may differ. `follow` is told
    /// of each once it was taken.
    pub fn hear(&mut self, entries: &[Entry], at_ms: u32, mut follow: impl FnMut(&Monitor, &Entry)) -> Vec<Output> {
        let latest = at_ms.saturating_add(ahead_ms(at_ms)).saturating_sub(self.memory.began_ms);
        let mut outputs = Vec::new();
        for entry in entries {
            let entry = Entry { at_ms: entry.at_ms.min(latest), ..*entry };
            outputs.extend(self.step(&entry));
            follow(self, &entry);
        }
        if !entries.is_empty() {
            outputs.extend(self.watch(at_ms, Watch::Heard));
        }
        outputs
    }

    /// Something that only the server can find happened at `at_ms` (since the first log began).
    pub fn find(&mut self, kind: Kind, at_ms: u32) -> Vec<Output> {
        let mut outputs = Vec::new();
        self.track(kind, &mut outputs, |tracking| tracking.happens(at_ms));
        outputs
    }

    /// Whether so much was found that the interview is to end ([`Output::Terminate`]).
    pub fn terminated(&self) -> bool {
        self.memory.terminated
    }

    /// Whether there is no picture, as the log tells: the page is hidden, or the camera off.
    pub fn is_blind(&self) -> bool {
        self.memory.conditions.is_blind()
    }

    /// Whether something of the kind goes on that is more than a note by now.
    pub fn is_flagged(&self, kind: Kind) -> bool {
        self.memory.tracks.get(kind).and_then(|track| track.run.as_ref()).is_some_and(Run::is_flagged)
    }

    /// Why something is so though nobody does anything wrong, as the log tells: it is only noted.
    pub fn excuse(&self, kind: Kind) -> Option<&'static str> {
        self.memory.conditions.excuse(kind)
    }

    /// Whether the log tells of looks as if there were no interview, `notice_ms` after it began and after the log said so.
    pub fn denies_interview(&self, notice_ms: u32) -> bool {
        let Memory { conditions, silence, .. } = &self.memory;
        let Some(began) = conditions.interview_ms.filter(|_| silence.interview) else { return false };
        let noticed = began.max(conditions.stage_ms).saturating_add(notice_ms);
        conditions.stage != Stage::Interview && silence.looked_ms.is_some_and(|looked| looked > noticed)
    }

    pub fn state(&self) -> State {
        let run = |kind: Kind| self.memory.tracks.get(kind).and_then(|track| track.run.as_ref());
        let warned = |kind: &Kind| run(*kind).is_some_and(|run| run.warned);
        State {
            stage: self.memory.conditions.stage,
            now_ms: self.memory.now_ms,
            warnings: Kind::ALL.into_iter().filter(warned).collect(),
            running: self
                .memory
                .tracks
                .iter()
                .filter_map(|track| track.last)
                .filter(|last| last.to_ms.is_none())
                .collect(),
        }
    }

    fn look(&mut self, now: u32, look: Look, outputs: &mut Vec<Output>) {
        let counts = self.memory.conditions.counting_since(now, &self.policy).is_some()
            && !(matches!(look, Look::CannotTell(_)) && self.memory.conditions.is_blind());
        let (away, gap_ms) = (self.policy.away, self.gap_ms());
        let restless = self.memory.restless.look(now, look);
        for kind in Kind::of(Source::Looks) {
            self.track(kind, outputs, |tracking| {
                let is_restless = restless && kind == Kind::FaceUnclear;
                if counts && !is_restless && judge::leaves_open(look, kind) {
                    return tracking.leave_open(now, gap_ms);
                }
                let shows = || judge::shows(look, kind, away, tracking.track.run.is_some());
                let seen = if is_restless { Some(true) } else { shows() };
                tracking.look(now, seen.filter(|_| counts), gap_ms);
            });
        }
    }

    /// So far apart two looks still belong together.
    fn gap_ms(&self) -> u32 {
        (self.memory.looks_every_ms * 3).clamp(self.policy.gap_ms, MAX_GAP_MS)
    }

    fn signal(&mut self, now: u32, signal: Signal, outputs: &mut Vec<Output>) {
        let in_dialog = self.memory.conditions.is_in_dialog();
        self.memory.conditions.apply(now, signal, &self.policy);
        match signal {
            Signal::Stage(Stage::Ended) if !self.memory.silence.interview => self.end_all(outputs),
            Signal::DialogOpened if self.memory.conditions.is_in_dialog() && !in_dialog => {
                for kind in Kind::ALL {
                    self.track(kind, outputs, |tracking| tracking.interrupt());
                }
            }
            Signal::LooksEvery { ms } => self.memory.looks_every_ms = u32::from(ms),
            _ => {}
        }
        let happened = match signal {
            Signal::Copied => Kind::Copy,
            Signal::Cut => Kind::Cut,
            Signal::Pasted { chars, from_question: false } if chars >= self.policy.paste_chars => Kind::Paste,
            Signal::Printed => Kind::Print,
            Signal::ContextMenu => Kind::ContextMenu,
            Signal::Camera(Device::Changed) => Kind::CameraChanged,
            Signal::Microphone(Device::Changed) => Kind::MicrophoneChanged,
            Signal::Sound(Sound::SeveralVoices) => Kind::Voices,
            Signal::Sound(Sound::LoudRoom) => Kind::LoudRoom,
            Signal::AnswerSubmitted(typing) if judge::is_too_fast(typing, self.policy.answers) => Kind::FastAnswer,
            _ => return,
        };
        if self.memory.conditions.counting_since(now, &self.policy).is_some() {
            self.track(happened, outputs, |tracking| tracking.happens(now));
        }
    }

    pub(super) fn end_all(&mut self, outputs: &mut Vec<Output>) {
        self.each_of_log(outputs, |tracking| tracking.end());
    }

    /// Does something to the track of each kind that logs tell of.
    fn each_of_log(&mut self, outputs: &mut Vec<Output>, act: fn(&mut Tracking)) {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.source() != Source::Server) {
            self.track(kind, outputs, act);
        }
    }

    /// By which it walks.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Does something to a kind's track, and counts what is grave.
    pub(super) fn track(&mut self, kind: Kind, outputs: &mut Vec<Output>, act: impl FnOnce(&mut Tracking)) {
        let from = outputs.len();
        let memory = &mut self.memory;
        let last = |tracks: &Tracks| tracks.get(kind).and_then(|track| track.last);
        let before = last(&memory.tracks);
        let rule = self.policy.rules[kind];
        let rule = if memory.conditions.excuse(kind).is_some() { rule.excused() } else { rule };
        memory.tracks.change(kind, |track| act(&mut Tracking { kind, rule: &rule, track, outputs }));
        if outputs.len() == from {
            return;
        }
        let Some(last) = last(&memory.tracks) else { return };
        let bit = 1u64 << kind as u32;
        if before.is_none_or(|before| before.id != last.id) {
            memory.counted &= !bit;
        }
        // What a network may do ends no interview.
        let is_grave = last.severity >= self.policy.terminate_severity && kind != Kind::Unreported;
        if is_grave && memory.counted & bit == 0 {
            memory.counted |= bit;
            memory.grave = memory.grave.saturating_add(1);
            if !memory.terminated && self.policy.terminate_after.is_some_and(|n| memory.grave >= n) {
                memory.terminated = true;
                outputs.push(Output::Terminate);
            }
        }
    }
}
