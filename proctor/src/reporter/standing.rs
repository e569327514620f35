//! What lasts from one signal to another, to be said afresh into a log that does not know it.

use crate::signal::{Device, Signal};

const PLACES: usize = 12;

/// The last word on each thing that lasts.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing([Option<Signal>; PLACES]);

impl Standing {
    /// Notes a signal. Answers whether it is news.
    pub(super) fn note(&mut self, signal: Signal) -> bool {
        let Some(place) = place(signal) else { return true };
        if let (Signal::Stage(now), Some(Signal::Stage(before))) = (signal, self.0[place])
            && now <= before
        {
            return false;
        }
        let is_news = self.0[place] != Some(signal) || happens(signal);
        self.0[place] = Some(settled(signal));
        is_news
    }

    /// What differs from how things are taken to be without a word.
    pub(super) fn lasting(&self) -> Vec<Signal> {
        self.0.iter().flatten().copied().filter(|signal| !is_usual(*signal)).collect()
    }

    /// Each thing, as it was said last.
    pub(super) fn all(&self) -> Vec<Signal> {
        self.0.iter().flatten().copied().collect()
    }

    /// Whether nothing lasts of it.
    pub(super) fn is_instant(signal: Signal) -> bool {
        place(signal).is_none() && !matches!(signal, Signal::Tick | Signal::PageLoaded | Signal::PageUnloading)
            || happens(signal)
    }
}

fn place(signal: Signal) -> Option<usize> {
    Some(match signal {
        Signal::Stage(_) => 0,
        Signal::DialogOpened | Signal::DialogClosed => 1,
        Signal::PageHidden | Signal::PageShown => 2,
        Signal::WindowBlurred | Signal::WindowFocused => 3,
        Signal::FullscreenEntered | Signal::FullscreenLeft => 4,
        Signal::DevtoolsSuspected | Signal::DevtoolsClosed => 5,
        Signal::MoreScreens(_) => 6,
        Signal::ShareStarted { .. } | Signal::ShareEnded | Signal::ShareImpossible => 7,
        Signal::Camera(_) => 8,
        Signal::Microphone(_) => 9,
        Signal::LooksEvery { .. } | Signal::NoVision => 10,
        Signal::NetworkLost | Signal::NetworkBack | Signal::Reconnected => 11,
        _ => return None,
    })
}

/// Another device happens at once, and works from then on.
fn happens(signal: Signal) -> bool {
    matches!(signal, Signal::Camera(Device::Changed) | Signal::Microphone(Device::Changed))
}

fn settled(signal: Signal) -> Signal {
    match signal {
        Signal::Camera(Device::Changed) => Signal::Camera(Device::Back),
        Signal::Microphone(Device::Changed) => Signal::Microphone(Device::Back),
        signal => signal,
    }
}

fn is_usual(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::DialogClosed
            | Signal::PageShown
            | Signal::WindowFocused
            | Signal::FullscreenEntered
            | Signal::DevtoolsClosed
            | Signal::MoreScreens(false)
            | Signal::Camera(Device::Back)
            | Signal::Microphone(Device::Back)
            | Signal::NetworkLost
            | Signal::NetworkBack
            | Signal::Reconnected
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Stage;

    #[test]
    fn what_is_so_already_is_no_news() {
        let mut standing = Standing::default();
        assert!(standing.note(Signal::PageHidden));
        assert!(!standing.note(Signal::PageHidden));
        assert!(standing.note(Signal::PageShown));
        assert!(standing.note(Signal::Copied) && standing.note(Signal::Copied));
        let changed = Signal::Camera(Device::Changed);
        assert!(standing.note(changed) && standing.note(changed));
    }

    #[test]
    fn only_what_is_unusual_is_said_afresh() {
        let mut standing = Standing::default();
        for signal in [
            Signal::Stage(Stage::Interview),
            Signal::PageShown,
            Signal::MoreScreens(true),
            Signal::Camera(Device::Changed),
            Signal::Microphone(Device::Muted),
            Signal::LooksEvery { ms: 500 },
        ] {
            standing.note(signal);
        }
        let lasting = [
            Signal::Stage(Stage::Interview),
            Signal::MoreScreens(true),
            Signal::Microphone(Device::Muted),
            Signal::LooksEvery { ms: 500 },
        ];
        assert_eq!(standing.lasting(), lasting);
    }

    #[test]
    fn stage_goes_forward_only() {
        let mut standing = Standing::default();
        standing.note(Signal::Stage(Stage::Interview));
        assert!(!standing.note(Signal::Stage(Stage::DeviceCheck)));
        assert_eq!(standing.lasting(), [Signal::Stage(Stage::Interview)]);
    }
}
