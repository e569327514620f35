//! One kind in the course of an interview: what is going on, what was last, and how many there were.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::kind::{Kind, Severity};
use super::rule::{MAX_COUNT, Rule};
use super::violation::{Change, Output, Violation, ViolationId};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Track {
    pub(super) run: Option<Run>,
    /// What ended with its log, or was over for a while.
    broken_off: Option<Run>,
    /// The newest violation, over or not.
    pub(super) last: Option<Violation>,
    /// When the candidate was told last, of what happens at once.
    told_ms: Option<u32>,
    count: u32,
    /// When the last were noted, for rules that count within a time.
    recent: VecDeque<u32>,
}

/// Something that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run {
    from_ms: u32,
    /// When it was last so.
    last_ms: u32,
    /// When it was last known to be so or not.
    known_ms: u32,
    /// For how long it was seen to be so, less the time that speaks against it.
    held_ms: u32,
    looks: u32,
    /// The look before showed it too, so that the time between counts.
    streak: bool,
    /// Since when it is not so.
    clear_ms: Option<u32>,
    clear_looks: u16,
    pub(super) warned: bool,
    level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Level {
    Nothing,
    Noted,
    Flagged,
    Escalated,
}

impl Run {
    /// Whether it is more than a note by now.
    pub(super) fn is_flagged(&self) -> bool {
        self.level >= Level::Flagged
    }

    fn new(from_ms: u32) -> Run {
        Run {
            from_ms,
            last_ms: from_ms,
            known_ms: from_ms,
            held_ms: 0,
            looks: 0,
            streak: false,
            clear_ms: None,
            clear_looks: 0,
            warned: false,
            level: Level::Nothing,
        }
    }

    /// One that was broken off goes on.
    fn again(self, now: u32) -> Run {
        Run { from_ms: self.from_ms, held_ms: self.held_ms, looks: self.looks, ..Run::new(now) }
    }

    /// The time since the last look speaks against it: a detector that flickers comes to nothing.
    fn doubt(&mut self, now: u32) {
        self.held_ms = self.held_ms.saturating_sub(now - self.known_ms);
        if self.held_ms == 0 && self.level == Level::Nothing && !self.warned {
            self.from_ms = now;
            self.looks = 0;
        }
    }
}

/// A track with its rule, and where what follows goes.
pub(super) struct Tracking<'a> {
    pub(super) kind: Kind,
    pub(super) rule: &'a Rule,
    pub(super) track: &'a mut Track,
    pub(super) outputs: &'a mut Vec<Output>,
}

impl Tracking<'_> {
    /// A look at `now` shows it (`Some(true)`), or not, or does not tell.
    pub(super) fn look(&mut self, now: u32, seen: Option<bool>, gap_ms: u32) {
        self.end_after_gap(now, gap_ms);
        match (seen, &mut self.track.run) {
            (Some(true), _) => {
                let run = self.begin(now);
                if run.streak {
                    run.held_ms += now - run.last_ms;
                } else {
                    run.doubt(now);
                }
                run.streak = true;
                run.looks = run.looks.saturating_add(1);
                run.clear_ms = None;
                run.clear_looks = 0;
                run.last_ms = now;
                run.known_ms = now;
                if run.looks >= u32::from(self.rule.looks) {
                    self.raise(now);
                }
            }
            (Some(false), Some(run)) => {
                run.doubt(now);
                run.streak = false;
                run.known_ms = now;
                run.clear_looks = run.clear_looks.saturating_add(1);
                let since = *run.clear_ms.get_or_insert(now);
                if run.clear_looks >= self.rule.clear_looks && now - since >= self.rule.clear_after_ms {
                    self.end();
                }
            }
            (Some(false), None) => self.track.broken_off = None,
            (None, Some(run)) => run.streak = false,
            (None, None) => {}
        }
    }

    /// A look at `now` says nothing for it and nothing against it.
    pub(super) fn leave_open(&mut self, now: u32, gap_ms: u32) {
        self.end_after_gap(now, gap_ms);
        if let Some(run) = &mut self.track.run {
            run.streak = false;
            run.known_ms = now;
        }
    }

    /// Too long ago to go on with: what was between is not known.
    pub(super) fn end_after_gap(&mut self, now: u32, gap_ms: u32) {
        if self.track.run.as_ref().is_some_and(|run| now - run.known_ms > gap_ms) {
            self.end();
        }
    }

    /// What goes on, or begins now. What was broken off and is back soon adds up.
    fn begin(&mut self, from_ms: u32) -> &mut Run {
        let cool_down_ms = self.rule.cool_down_ms;
        let Track { run, broken_off, .. } = &mut *self.track;
        run.get_or_insert_with(|| {
            let back = broken_off.take().filter(|run| from_ms.saturating_sub(run.last_ms) < cool_down_ms);
            back.map_or_else(|| Run::new(from_ms), |run| run.again(from_ms))
        })
    }

    /// It has lasted since `since_ms` (None: it does not last) until `now`.
    pub(super) fn lasts(&mut self, now: u32, since_ms: Option<u32>) {
        match since_ms.filter(|since| *since <= now) {
            Some(since) => {
                let run = self.begin(since);
                run.held_ms += now - run.last_ms.max(since);
                run.last_ms = now;
                run.clear_ms = None;
                self.raise(now);
            }
            None => {
                if let Some(run) = &mut self.track.run {
                    let since = *run.clear_ms.get_or_insert(run.last_ms);
                    if now - since >= self.rule.clear_after_ms {
                        self.break_off();
                    }
                }
            }
        }
    }

    /// It goes on until `now`, and was so for `held_ms` of the time since `from_ms`.
    pub(super) fn lasted(&mut self, from_ms: u32, held_ms: u32, now: u32) {
        let run = self.track.run.get_or_insert_with(|| Run::new(from_ms));
        if run.level == Level::Nothing {
            run.from_ms = from_ms;
        }
        run.held_ms = held_ms;
        run.last_ms = now;
        self.raise(now);
    }

    /// It happens at `now`, and is over.
    pub(super) fn happens(&mut self, now: u32) {
        let before = self.track.last.and_then(|last| last.to_ms).max(self.track.told_ms);
        let now = now.max(before.unwrap_or(0));
        let soon =
            |earlier: Option<u32>| earlier.is_some_and(|then| now - then < self.rule.cool_down_ms || now == then);
        if self.rule.warn_after_ms.is_some() {
            if !soon(self.track.told_ms) {
                self.outputs.push(Output::Warning(self.kind));
            }
            self.track.told_ms = Some(now);
        }
        if self.rule.note_after_ms.is_none() {
            return;
        }
        if let Some(last) = &mut self.track.last
            && soon(last.to_ms)
        {
            last.to_ms = Some(now);
            let last = *last;
            self.outputs.push(Output::Violation(Change::Resumed, last));
            return;
        }
        let level = self.count(now, Level::Noted);
        self.open(now, level, Some(now));
    }

    /// Notes, flags or escalates as its length and number demand.
    fn raise(&mut self, now: u32) {
        let Some(run) = &mut self.track.run else { return };
        let held_ms = run.held_ms;
        let reached = |after: Option<u32>| after.is_some_and(|ms| held_ms >= ms);
        if reached(self.rule.warn_after_ms) && !run.warned {
            run.warned = true;
            self.outputs.push(Output::Warning(self.kind));
        }
        let mut level = if reached(self.rule.flag_after_ms) && reached(self.rule.escalate_after_ms) {
            Level::Escalated
        } else if reached(self.rule.flag_after_ms) {
            Level::Flagged
        } else if reached(self.rule.note_after_ms) {
            Level::Noted
        } else {
            return;
        };
        let (before, from_ms) = (run.level, run.from_ms);
        if level <= before {
            return;
        }
        if before == Level::Nothing {
            let back = self.track.last.filter(|last| {
                let over = last.to_ms.unwrap_or(last.id.from_ms);
                from_ms.saturating_sub(over) < self.rule.cool_down_ms || from_ms == last.id.from_ms
            });
            if back.is_none() {
                level = self.count(now, level);
                self.open(from_ms, level, None);
            } else {
                self.go_on(level, true);
            }
        } else {
            self.go_on(level, false);
        }
        if let Some(run) = &mut self.track.run {
            run.level = run.level.max(level);
        }
    }

    /// Counts one more, and flags it if they are too many.
    fn count(&mut self, now: u32, level: Level) -> Level {
        let track = &mut *self.track;
        track.count = track.count.saturating_add(1);
        let many = match self.rule.count_within_ms {
            None => track.count,
            Some(within) => {
                if track.recent.len() == MAX_COUNT as usize {
                    track.recent.pop_front();
                }
                track.recent.push_back(now);
                track.recent.iter().filter(|then| now - **then <= within).count() as u32
            }
        };
        let flagged = self.rule.flag_at_count.is_some_and(|n| many >= n);
        if flagged { level.max(Level::Flagged) } else { level }
    }

    fn open(&mut self, from_ms: u32, level: Level, to_ms: Option<u32>) {
        let violation = Violation {
            id: ViolationId { from_ms, kind: self.kind },
            severity: self.severity(level),
            to_ms,
            count: self.track.count,
            show: self.rule.show,
            evidence: self.rule.evidence,
        };
        self.track.last = Some(violation);
        self.outputs.push(Output::Violation(change(level), violation));
    }

    /// The newest violation becomes graver, or begins again (`resumed`).
    fn go_on(&mut self, level: Level, resumed: bool) {
        let severity = self.severity(level);
        let Some(last) = &mut self.track.last else { return };
        let graver = severity > last.severity;
        last.to_ms = None;
        last.severity = last.severity.max(severity);
        let last = *last;
        if graver {
            self.outputs.push(Output::Violation(change(level), last));
        } else if resumed {
            self.outputs.push(Output::Violation(Change::Resumed, last));
        }
    }

    fn severity(&self, level: Level) -> Severity {
        match level {
            Level::Nothing | Level::Noted => Severity::Info,
            Level::Flagged => self.rule.severity,
            Level::Escalated => self.rule.escalated,
        }
    }

    /// What goes on is over since it was last so.
    pub(super) fn end(&mut self) {
        self.track.broken_off = None;
        let Some(run) = self.track.run.take() else { return };
        if run.warned {
            self.outputs.push(Output::Cleared(self.kind));
        }
        if run.level > Level::Nothing
            && let Some(last) = &mut self.track.last
        {
            last.to_ms = Some(run.last_ms);
            self.outputs.push(Output::Violation(Change::Ended, *last));
        }
    }

    /// What goes on is over since `at_ms`.
    pub(super) fn ended(&mut self, at_ms: u32) {
        if let Some(run) = &mut self.track.run {
            run.last_ms = at_ms.max(run.from_ms);
        }
        self.end();
    }

    /// It ends. If it is back soon, it goes on.
    pub(super) fn break_off(&mut self) {
        let Some(run) = self.track.run.clone() else { return };
        self.end();
        self.track.broken_off = Some(run);
    }

    /// The look before does not belong together with the next one.
    pub(super) fn interrupt(&mut self) {
        if let Some(run) = &mut self.track.run {
            run.streak = false;
        }
    }
}

fn change(level: Level) -> Change {
    match level {
        Level::Nothing | Level::Noted => Change::Noted,
        Level::Flagged => Change::Flagged,
        Level::Escalated => Change::Escalated,
    }
}
