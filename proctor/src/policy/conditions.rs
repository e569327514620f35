//! What the signals say is going on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Policy;
use super::kind::Kind;
use crate::signal::{Device, Signal, Stage, What};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Conditions {
    /// Where the interview stands, as the log says.
    pub(super) stage: Stage,
    /// When the log said so.
    pub(super) stage_ms: u32,
    /// When the interview began, as the server says: where it does, the log's word is none.
    pub(super) interview_ms: Option<u32>,
    hidden: bool,
    blurred: bool,
    /// Since when, of the kinds that last from one signal to another.
    since: BTreeMap<Kind, u32>,
    /// Since when the page goes on though it said that it was being left: until it is loaded, that word is none.
    stays_ms: Option<u32>,
    dialog_ms: Option<u32>,
    dialog_closed_ms: Option<u32>,
    /// What dialogs have excused so far, and a little for each.
    dialogs_ms: u32,
    /// Nothing looks, as the page says itself.
    pub(super) no_vision: bool,
    /// Whether the screen can be shared, once the page said so: a page that shared it can.
    pub(super) can_share: Option<bool>,
}

/// Each takes as much (ms) more of what all may excuse: so there are not many, however short.
const DIALOG_COSTS_MS: u32 = 5_000;

/// A page that is being left may say something for so long (ms).
const LEAVING_MS: u32 = 5_000;

impl Conditions {
    /// Before anything is said.
    pub(super) fn unsaid(policy: &Policy, now: u32) -> Self {
        let mut conditions = Conditions::default();
        conditions.set(Kind::ShareEnded, now, policy.share_screen);
        conditions
    }

    /// Something is written at `now`. A page that goes on writing was not left: what lasts counts from now on.
    pub(super) fn hear(&mut self, now: u32, what: What) {
        let is_there = what != What::Signal(Signal::PageLoaded);
        if is_there && self.since_of(Kind::Reload).is_some_and(|left| now - left > LEAVING_MS) {
            self.set(Kind::Reload, now, false);
            self.stays_ms = Some(now);
        }
    }

    pub(super) fn apply(&mut self, now: u32, signal: Signal, policy: &Policy) {
        match signal {
            Signal::Stage(stage) if stage > self.stage => {
                self.stage = stage;
                self.stage_ms = now;
            }
            Signal::DialogOpened if self.dialogs_ms < policy.dialogs_ms => {
                self.dialog_ms.get_or_insert(now);
            }
            Signal::DialogClosed => self.close_dialog(now, policy),
            Signal::PageHidden | Signal::PageShown => {
                self.hidden = signal == Signal::PageHidden;
                self.set(Kind::WindowExit, now, self.hidden || self.blurred);
            }
            Signal::WindowBlurred | Signal::WindowFocused => {
                self.blurred = signal == Signal::WindowBlurred;
                self.set(Kind::WindowExit, now, self.hidden || self.blurred);
            }
            Signal::PageUnloading if self.stays_ms.is_none() => self.set(Kind::Reload, now, true),
            Signal::PageLoaded => self.forget(policy, now),
            Signal::FullscreenEntered | Signal::FullscreenLeft => {
                self.set(Kind::FullscreenLeft, now, signal == Signal::FullscreenLeft);
            }
            Signal::DevtoolsSuspected | Signal::DevtoolsClosed => {
                self.set(Kind::Devtools, now, signal == Signal::DevtoolsSuspected);
            }
            Signal::MoreScreens(more) => self.set(Kind::MoreScreens, now, more),
            Signal::ShareStarted { whole_monitor } => {
                self.set(Kind::ShareEnded, now, false);
                self.set(Kind::PartialShare, now, !whole_monitor);
                self.can_share = Some(true);
            }
            Signal::ShareEnded => {
                self.set(Kind::ShareEnded, now, true);
                self.set(Kind::PartialShare, now, false);
                self.can_share = Some(true);
            }
            Signal::ShareImpossible => {
                self.can_share.get_or_insert(false);
            }
            Signal::Camera(device) => self.set(Kind::CameraOff, now, is_off(device)),
            Signal::Microphone(device) => self.set(Kind::MicrophoneOff, now, is_off(device)),
            Signal::NoVision | Signal::LooksEvery { .. } => self.no_vision = signal == Signal::NoVision,
            _ => {}
        }
    }

    /// All but the stage is said afresh, by the same browser.
    pub(super) fn forget(&mut self, policy: &Policy, now: u32) {
        self.close_dialog(now, policy);
        *self = Conditions {
            stage: self.stage,
            stage_ms: self.stage_ms,
            interview_ms: self.interview_ms,
            dialogs_ms: self.dialogs_ms,
            can_share: self.can_share,
            ..Conditions::unsaid(policy, now)
        };
    }

    /// What a dialog excused is part of what all may excuse. Before the interview nothing needs an excuse.
    fn close_dialog(&mut self, now: u32, policy: &Policy) {
        let Some(opened) = self.dialog_ms.take() else { return };
        self.dialog_closed_ms = Some(now);
        if let Some(began) = self.began_ms(now) {
            let lasted = now.saturating_sub(opened.max(began)).min(policy.dialog_ms);
            self.dialogs_ms = self.dialogs_ms.saturating_add(lasted.saturating_add(DIALOG_COSTS_MS));
        }
    }

    /// Since when it is the interview, if it is: by the server's word or the log's, whichever comes first. The clocks of both
    /// differ by as long as messages take, and what happens in the first moment counts as well.
    pub(super) fn began_ms(&self, now: u32) -> Option<u32> {
        let said = (self.stage == Stage::Interview).then_some(self.stage_ms);
        [self.interview_ms, said].into_iter().flatten().filter(|began| *began <= now).min()
    }

    /// Nothing but time is to be expected: there is no picture, or nothing looks at it, or it does not count.
    pub(super) fn excuses_looks(&self, now: u32, policy: &Policy) -> bool {
        self.no_vision || self.is_blind() || self.counting_since(now, policy).is_none()
    }

    /// Why a kind is so though nobody does anything wrong, as the page says. Such a thing is noted, and no more.
    pub(super) fn excuse(&self, kind: Kind) -> Option<&'static str> {
        (kind == Kind::ShareEnded && self.can_share == Some(false)).then_some("this browser cannot share a screen")
    }

    pub(super) fn is_in_dialog(&self) -> bool {
        self.dialog_ms.is_some()
    }

    /// The picture may well stand still or be dark: the page is hidden or the camera off, which have rules of their own. Of a
    /// page that is being left they do not count, so they are no excuse either.
    pub(super) fn is_blind(&self) -> bool {
        !self.is_left() && (self.hidden || self.since_of(Kind::CameraOff).is_some())
    }

    /// Since when things count; None: they do not.
    pub(super) fn counting_since(&self, now: u32, policy: &Policy) -> Option<u32> {
        let began = self.began_ms(now)?;
        let left = policy.dialogs_ms.saturating_sub(self.dialogs_ms).min(policy.dialog_ms);
        match self.dialog_ms.map(|opened| opened.saturating_add(left)) {
            Some(too_long) if now < too_long => None,
            Some(too_long) => Some(too_long.max(began)),
            None => Some(self.dialog_closed_ms.unwrap_or(0).max(began)),
        }
    }

    /// Since when a kind that lasts from one signal to another counts.
    pub(super) fn lasts_since(&self, kind: Kind, now: u32, policy: &Policy) -> Option<u32> {
        if kind != Kind::Reload && self.is_left() {
            return None;
        }
        let since = self.since_of(kind)?;
        let counting = self.counting_since(now, policy)?;
        let grace = if kind == Kind::WindowExit { self.grace_ends(since, policy) } else { 0 };
        Some(since.max(counting).max(grace).max(self.stays_ms.unwrap_or(0)))
    }

    /// The focus takes a moment to come back from a dialog: until when an exit that began by then does not count.
    fn grace_ends(&self, since: u32, policy: &Policy) -> u32 {
        let ends = self.dialog_closed_ms.map(|closed| closed.saturating_add(policy.dialog_grace_ms));
        ends.filter(|ends| since <= *ends).unwrap_or(0)
    }

    fn is_left(&self) -> bool {
        self.since_of(Kind::Reload).is_some()
    }

    fn since_of(&self, kind: Kind) -> Option<u32> {
        self.since.get(&kind).copied()
    }

    fn set(&mut self, kind: Kind, now: u32, is: bool) {
        if is {
            self.since.entry(kind).or_insert(now);
        } else {
            self.since.remove(&kind);
        }
    }
}

fn is_off(device: Device) -> bool {
    matches!(device, Device::Ended | Device::Muted)
}
