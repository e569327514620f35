//! Pictures that leave the page. Those around violations are taken when the browser notices one, since what was seen is soon
//! gone; they are sent when the server, which decides, asks for them. So are those of spot checks, which are of the moment, and
//! the reference.

use std::collections::VecDeque;

use super::{Act, Link, Reporter};
use crate::observation::Look;
use crate::policy::ViolationId;
use crate::wire::{NoFrame, Still, Up};

/// So long (ms) before and after its beginning a violation is shown…
const AROUND_MS: i64 = 5_000;
/// …with a picture every so often: six of them.
const STEP_MS: usize = 2_000;
/// Violations whose pictures are remembered: the newest. They are small, and the server asks soon.
const MAX_CASES: usize = 24;

/// A picture that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// When, by the page's time.
    pub at: u64,
    pub jpeg: Vec<u8>,
}

#[derive(Debug, Default)]
pub(super) struct Pictures(VecDeque<Case>);

#[derive(Debug)]
struct Case {
    violation: ViolationId,
    /// When it began, by the page's time; negative if the page was not there.
    from: i64,
    state: State,
    /// Whether the server has asked.
    wanted: bool,
}

#[derive(Debug)]
enum State {
    /// To be collected then.
    Due(u64),
    Asked,
    Here(Vec<Still>),
}

impl Pictures {
    /// Has a violation's pictures collected, once what follows was seen as well.
    pub(super) fn ask(&mut self, violation: ViolationId, from: i64, now: u64) {
        if self.case(violation).is_none() {
            self.add(violation, from, State::Due(now.max(u64::try_from(from + AROUND_MS).unwrap_or(0))), false);
        }
    }

    /// Nothing more will be seen: what is to be collected is collected now.
    pub(super) fn hurry(&mut self, now: u64) {
        for case in &mut self.0 {
            if let State::Due(at) = &mut case.state {
                *at = now.min(*at);
            }
        }
    }

    /// What is to be collected by now, and the times.
    pub(super) fn due(&mut self, now: u64) -> Vec<(ViolationId, Vec<u64>)> {
        let due = |case: &&mut Case| matches!(case.state, State::Due(at) if at <= now);
        let collect = |case: &mut Case| {
            case.state = State::Asked;
            let at = (-AROUND_MS..=AROUND_MS).step_by(STEP_MS).filter_map(|ms| u64::try_from(case.from + ms).ok());
            (case.violation, at.collect())
        };
        self.0.iter_mut().filter(due).map(collect).collect()
    }

    /// Keeps what was collected. Gives it back to be sent if the server has asked already.
    pub(super) fn put(&mut self, violation: ViolationId, stills: Vec<Still>) -> Option<Vec<Still>> {
        let case = self.case(violation)?;
        let wanted = std::mem::take(&mut case.wanted);
        case.state = State::Here(stills.clone());
        wanted.then_some(stills)
    }

    /// The server asks. Gives what is there; otherwise it is collected, and given by [`Pictures::put`].
    pub(super) fn want(&mut self, violation: ViolationId, from: i64) -> Option<Vec<Still>> {
        let Some(case) = self.case(violation) else {
            self.add(violation, from, State::Due(0), true);
            return None;
        };
        if let State::Here(stills) = &case.state {
            return Some(stills.clone());
        }
        case.wanted = true;
        None
    }

    fn case(&mut self, violation: ViolationId) -> Option<&mut Case> {
        self.0.iter_mut().find(|case| case.violation == violation)
    }

    fn add(&mut self, violation: ViolationId, from: i64, state: State, wanted: bool) {
        if self.0.len() == MAX_CASES {
            self.0.pop_front();
        }
        self.0.push_back(Case { violation, from, state, wanted });
    }
}

impl Reporter {
    /// A picture that was asked for, as it was at `at`. `claim`: what was seen in it; None where nothing looks.
    pub fn spot(&mut self, nonce: u64, at: u64, claim: Option<Look>, jpeg: Vec<u8>) -> Vec<Act> {
        if let Some(log) = &self.log {
            let up = Up::Frame { nonce, at_ms: log.since_first(at), claim, jpeg };
            if !self.send(up) {
                self.send(Up::Refused { nonce, why: NoFrame::NotReady });
            }
        }
        self.take()
    }

    /// A picture that was asked for cannot be taken.
    pub fn refuse(&mut self, nonce: u64, why: NoFrame) -> Vec<Act> {
        self.send(Up::Refused { nonce, why });
        self.take()
    }

    /// The pictures that were asked for as evidence. None is an answer too.
    pub fn collected(&mut self, violation: ViolationId, pictures: Vec<Picture>) -> Vec<Act> {
        let Some(log) = &self.log else { return self.take() };
        let stills = pictures.into_iter().map(|picture| log.still(picture)).collect();
        if let Some(up) = self.pictures.put(violation, stills) {
            self.send_evidence(violation, up);
        }
        self.take()
    }

    /// The candidate's face, from the device check. Sent until [`Reporter::reference_taken`].
    pub fn reference(&mut self, jpeg: Vec<u8>) -> Vec<Act> {
        self.reference = Some(jpeg);
        self.send_reference();
        self.take()
    }

    /// The server has the reference.
    pub fn reference_taken(&mut self) {
        self.reference = None;
    }

    pub(super) fn want(&mut self, violation: ViolationId) {
        let Some(log) = &self.log else { return };
        if let Some(stills) = self.pictures.want(violation, log.page_ms(violation.from_ms)) {
            self.send_evidence(violation, stills);
        }
    }

    /// One by one, and at last the last one.
    fn send_evidence(&mut self, violation: ViolationId, mut stills: Vec<Still>) {
        if self.link != Link::Welcomed {
            return;
        }
        let last = stills.pop();
        for still in stills {
            self.send(Up::Still { violation, still });
        }
        if !self.send(Up::Evidence { violation, stills: last.into_iter().collect() }) {
            self.send(Up::Evidence { violation, stills: Vec::new() });
        }
    }

    pub(super) fn send_reference(&mut self) {
        if self.link == Link::Welcomed
            && let Some(jpeg) = self.reference.clone()
        {
            self.send(Up::Reference { jpeg });
        }
    }
}
