//! A log of what was observed, in words for the candidate whom it is about.

use proctor::{
    observation::{Look, Unclear},
    signal::{Device, Signal, Sound, Stage, What},
};

use crate::{
    components::words::{count, unit},
    model::UnixMillis,
    service::proctoring::Line,
};

/// An entry in words.
#[must_use]
pub fn entry_words(what: What) -> String {
    match what {
        What::Look(look) => look_words(look),
        What::Signal(signal) => signal_words(signal),
    }
}

fn look_words(look: Look) -> String {
    match look {
        Look::Clear { faces: 0, .. } => "Nobody was seen".to_owned(),
        Look::Clear { faces: 1, .. } => "One face was seen".to_owned(),
        Look::Clear { faces, .. } => format!("{faces} faces were seen"),
        Look::CannotTell(why) => match why {
            Unclear::TooDark => "The picture was too dark",
            Unclear::TooBright => "The picture was too bright",
            Unclear::TooBlurred => "The picture was too blurred",
            Unclear::Covered => "The camera seemed to be covered",
            Unclear::Frozen => "The picture stood still",
            Unclear::Doubtful => "A face could not be made out for sure",
        }
        .to_owned(),
    }
}

fn signal_words(signal: Signal) -> String {
    let words = match signal {
        Signal::Tick => "Time went by without a look",
        Signal::Stage(Stage::DeviceCheck) => "The device check began",
        Signal::Stage(Stage::Interview) => "The interview began",
        Signal::Stage(Stage::Ended) => "The interview ended",
        Signal::DialogOpened => "A dialog of the browser opened",
        Signal::DialogClosed => "The browser's dialog closed",
        Signal::PageHidden => "The page was hidden",
        Signal::PageShown => "The page was shown again",
        Signal::PageUnloading => "The page was left or loaded anew",
        Signal::PageLoaded => "The page was loaded",
        Signal::WindowBlurred => "Another window was in use",
        Signal::WindowFocused => "This window was in use again",
        Signal::FullscreenEntered => "Full screen began",
        Signal::FullscreenLeft => "Full screen ended",
        Signal::Copied => "Text was copied",
        Signal::Cut => "Text was cut out",
        Signal::Pasted { chars, from_question } => {
            let origin = if from_question { ", all of it from this page" } else { "" };
            return format!("Text was pasted: {}{origin}", count(chars, "character"));
        }
        Signal::Printed => "The page was printed",
        Signal::ContextMenu => "The context menu was opened",
        Signal::DevtoolsSuspected => "The browser's tools may have opened, by the window's size",
        Signal::DevtoolsClosed => "The browser's tools seemed to be closed",
        Signal::MoreScreens(true) => "More than one screen was connected",
        Signal::MoreScreens(false) => "One screen was connected",
        Signal::ShareStarted { whole_monitor: true } => "The whole screen was shared",
        Signal::ShareStarted { whole_monitor: false } => "A window or a tab was shared",
        Signal::ShareEnded => "The screen was not shared any more",
        Signal::ShareImpossible => "This browser could not share a screen",
        Signal::Camera(device) => return device_words("camera", device),
        Signal::Microphone(device) => return device_words("microphone", device),
        Signal::Sound(Sound::SeveralVoices) => "Several voices were heard",
        Signal::Sound(Sound::LoudRoom) => "It was loud",
        Signal::NetworkLost => "The network was lost",
        Signal::NetworkBack => "The network was back",
        Signal::Reconnected => "The page was connected again",
        Signal::AnswerSubmitted(typing) => {
            let pasted = match typing.pasted_chars {
                0 => String::new(),
                pasted => format!(", {pasted} of them pasted"),
            };
            let (chars, seconds) = (count(typing.chars, "character"), count(typing.typing_ms / 1000, "second"));
            return format!("An answer was given: {chars}{pasted}, {seconds} of typing");
        }
        Signal::LooksEvery { ms } => return format!("A look every {} from here on", unit(f64::from(ms) / 1000.0, "s")),
        Signal::NoVision => "This browser could not look at the camera's picture",
    };
    words.to_owned()
}

fn device_words(what: &str, device: Device) -> String {
    match device {
        Device::Ended => format!("The {what} was switched off or taken away"),
        Device::Muted => format!("The {what} gave nothing"),
        Device::Changed => format!("Another {what} was used"),
        Device::Back => format!("The {what} was back"),
    }
}

/// What was observed for a while, or at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub from: UnixMillis,
    /// The last look that showed it. As `from` for what happens at once.
    pub to: UnixMillis,
    pub words: String,
}

/// Gathers a log: looks that show the same one after the other become one line.
#[derive(Debug, Default)]
pub struct Summary {
    lines: Vec<Observed>,
    /// The place of the looks that go on.
    looking: Option<usize>,
    left_out: usize,
}

/// Lines of a summary, at most.
const MOST: usize = 500;

impl Summary {
    pub fn add(&mut self, Line { at, what }: Line) {
        // That time went by, and how often was looked, says nothing about anybody.
        if matches!(what, What::Signal(Signal::Tick | Signal::LooksEvery { .. })) {
            return;
        }
        let words = entry_words(what);
        let is_look = matches!(what, What::Look(_));
        if let Some(place) = self.looking.filter(|place| is_look && self.lines[*place].words == words) {
            self.lines[place].to = at;
            return;
        }
        if self.lines.len() == MOST {
            self.left_out += 1;
            self.looking = self.looking.filter(|_| !is_look);
            return;
        }
        if is_look {
            self.looking = Some(self.lines.len());
        }
        self.lines.push(Observed { from: at, to: at, words });
    }

    #[must_use]
    pub fn lines(&self) -> &[Observed] {
        &self.lines
    }

    /// Lines beyond those that are shown.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, what: What) -> Line {
        Line { at: UnixMillis(at), what }
    }

    const ONE: What = What::Look(Look::Clear { faces: 1, head: None });
    const DARK: What = What::Look(Look::CannotTell(Unclear::TooDark));

    #[test]
    fn looks_that_show_the_same_are_one_line() {
        let mut summary = Summary::default();
        let pasted = What::Signal(Signal::Pasted { chars: 1, from_question: false });
        let unsaid = [Signal::Tick, Signal::LooksEvery { ms: 750 }].map(|signal| (700, What::Signal(signal)));
        let said = [(0, ONE), (500, ONE), (800, pasted), (1_000, ONE), (1_500, DARK)];
        for (at, what) in said[..2].iter().chain(&unsaid).chain(&said[2..]) {
            summary.add(line(*at, *what));
        }
        let told: Vec<_> = summary.lines().iter().map(|it| (it.from.0, it.to.0, it.words.as_str())).collect();
        assert_eq!(
            told,
            [
                (0, 1_000, "One face was seen"),
                (800, 800, "Text was pasted: 1 character"),
                (1_500, 1_500, "The picture was too dark"),
            ]
        );
    }

    #[test]
    fn what_is_too_long_says_how_much_it_leaves_out() {
        let mut summary = Summary::default();
        for at in 0..700 {
            summary.add(line(at, if at % 2 == 0 { ONE } else { DARK }));
        }
        assert_eq!((summary.lines().len(), summary.left_out()), (500, 200));
    }
}
