//! What the signals say is going on.

use serde::{Deserialize, Serialize};

use super::Policy;
use super::kind::Kind;
use crate::signal::{Device, Signal, Stage};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Conditions {
    pub(super) stage: Stage,
    /// When the stage began.
    stage_ms: u32,
    hidden: bool,
    blurred: bool,
    /// Since when, of the kinds that last from one signal to another.
    since: [Option<u32>; Kind::COUNT],
    dialog_ms: Option<u32>,
    dialog_closed_ms: Option<u32>,
}

impl Conditions {
    /// Before anything is said.
    pub(super) fn unsaid(policy: &Policy, now: u32) -> Self {
        let mut conditions = Conditions::default();
        conditions.set(Kind::ShareEnded, now, policy.share_screen);
        conditions
    }

    pub(super) fn apply(&mut self, now: u32, signal: Signal, policy: &Policy) {
        match signal {
            Signal::Stage(stage) if stage > self.stage => {
                self.stage = stage;
                self.stage_ms = now;
            }
            Signal::DialogOpened => {
                self.dialog_ms.get_or_insert(now);
            }
            Signal::DialogClosed => {
                let opened = self.dialog_ms.take();
                self.dialog_closed_ms = opened.map(|_| now).or(self.dialog_closed_ms);
            }
            Signal::PageHidden | Signal::PageShown => {
                self.hidden = signal == Signal::PageHidden;
                self.set(Kind::WindowExit, now, self.hidden || self.blurred);
            }
            Signal::WindowBlurred | Signal::WindowFocused => {
                self.blurred = signal == Signal::WindowBlurred;
                self.set(Kind::WindowExit, now, self.hidden || self.blurred);
            }
            Signal::PageUnloading => self.set(Kind::Reload, now, true),
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
            }
            Signal::ShareEnded => {
                self.set(Kind::ShareEnded, now, true);
                self.set(Kind::PartialShare, now, false);
            }
            Signal::Camera(device) => self.set(Kind::CameraOff, now, is_off(device)),
            Signal::Microphone(device) => self.set(Kind::MicrophoneOff, now, is_off(device)),
            _ => {}
        }
    }

    /// All but the stage is said afresh.
    pub(super) fn forget(&mut self, policy: &Policy, now: u32) {
        *self = Conditions { stage: self.stage, stage_ms: self.stage_ms, ..Conditions::unsaid(policy, now) };
    }

    /// The picture may well stand still or be dark: the page is hidden or the camera off, which have rules of their own.
    pub(super) fn is_blind(&self) -> bool {
        self.hidden || self.since_of(Kind::CameraOff).is_some()
    }

    /// Since when things count; None: they do not.
    pub(super) fn counting_since(&self, now: u32, policy: &Policy) -> Option<u32> {
        if self.stage != Stage::Interview {
            return None;
        }
        match self.dialog_ms.map(|opened| opened.saturating_add(policy.dialog_ms)) {
            Some(too_long) if now < too_long => None,
            Some(too_long) => Some(too_long.max(self.stage_ms)),
            None => Some(self.dialog_closed_ms.unwrap_or(0).max(self.stage_ms)),
        }
    }

    /// Since when a kind that lasts from one signal to another counts.
    pub(super) fn lasts_since(&self, kind: Kind, now: u32, policy: &Policy) -> Option<u32> {
        if kind != Kind::Reload && self.since_of(Kind::Reload).is_some() {
            return None;
        }
        let since = self.since_of(kind)?;
        let counting = self.counting_since(now, policy)?;
        let grace = if kind == Kind::WindowExit { self.grace_ends(since, policy) } else { 0 };
        Some(since.max(counting).max(grace))
    }

    /// The focus takes a moment to come back from a dialog: until when an exit that began by then does not count.
    fn grace_ends(&self, since: u32, policy: &Policy) -> u32 {
        let ends = self.dialog_closed_ms.map(|closed| closed.saturating_add(policy.dialog_grace_ms));
        ends.filter(|ends| since <= *ends).unwrap_or(0)
    }

    fn since_of(&self, kind: Kind) -> Option<u32> {
        self.since[kind as usize]
    }

    fn set(&mut self, kind: Kind, now: u32, is: bool) {
        let since = &mut self.since[kind as usize];
        *since = if is { since.or(Some(now)) } else { None };
    }
}

fn is_off(device: Device) -> bool {
    matches!(device, Device::Ended | Device::Muted)
}
