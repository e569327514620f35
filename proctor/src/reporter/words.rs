//! Signals as the page's scripts call them.

use crate::signal::{Device, Signal, Stage, Typing};

/// Not the name of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a signal")]
pub struct NotASignal;

/// The signal that the scripts call `name`, with its numbers; those that are not given are 0.
///
/// # Errors
/// When there is none.
pub fn signal(name: &str, numbers: &[u32]) -> Result<Signal, NotASignal> {
    let number = |place: usize| numbers.get(place).copied().unwrap_or(0);
    let is = |place: usize| number(place) != 0;
    Ok(match name {
        "check" => Signal::Stage(Stage::DeviceCheck),
        "interview" => Signal::Stage(Stage::Interview),
        "ended" => Signal::Stage(Stage::Ended),
        "dialog" => Signal::DialogOpened,
        "dialog closed" => Signal::DialogClosed,
        "hidden" => Signal::PageHidden,
        "shown" => Signal::PageShown,
        "unloading" => Signal::PageUnloading,
        "loaded" => Signal::PageLoaded,
        "blurred" => Signal::WindowBlurred,
        "focused" => Signal::WindowFocused,
        "fullscreen" => Signal::FullscreenEntered,
        "fullscreen left" => Signal::FullscreenLeft,
        "copied" => Signal::Copied,
        "cut" => Signal::Cut,
        "pasted" => Signal::Pasted { chars: number(0), from_question: is(1) },
        "printed" => Signal::Printed,
        "menu" => Signal::ContextMenu,
        "devtools" => Signal::DevtoolsSuspected,
        "devtools closed" => Signal::DevtoolsClosed,
        "screens" => Signal::MoreScreens(is(0)),
        "share" => Signal::ShareStarted { whole_monitor: is(0) },
        "share ended" => Signal::ShareEnded,
        "share impossible" => Signal::ShareImpossible,
        "offline" => Signal::NetworkLost,
        "online" => Signal::NetworkBack,
        "answered" => Signal::AnswerSubmitted(Typing {
            chars: number(0),
            shown_ms: number(1),
            typing_ms: number(2),
            pasted_chars: number(3),
        }),
        other => match other.split_once(' ').and_then(|(name, word)| Some((name, device(word)?))) {
            Some(("camera", device)) => Signal::Camera(device),
            Some(("microphone", device)) => Signal::Microphone(device),
            _ => return Err(NotASignal),
        },
    })
}

fn device(word: &str) -> Option<Device> {
    match word {
        "ended" => Some(Device::Ended),
        "muted" => Some(Device::Muted),
        "changed" => Some(Device::Changed),
        "back" => Some(Device::Back),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_name_signals_and_give_their_numbers() {
        assert_eq!(signal("pasted", &[40, 1]), Ok(Signal::Pasted { chars: 40, from_question: true }));
        assert_eq!(signal("camera muted", &[]), Ok(Signal::Camera(Device::Muted)));
        assert_eq!(signal("screens", &[]), Ok(Signal::MoreScreens(false)));
        assert_eq!(signal("share impossible", &[]), Ok(Signal::ShareImpossible));
        for wrong in ["", "camera", "camera gone", "door muted"] {
            assert_eq!(signal(wrong, &[]), Err(NotASignal), "{wrong}");
        }
    }
}
