//! Logs that people can read, and what a monitor says to them.
//!
//! ```text
//! policy {"terminate_after": 1}      what differs from the default
//! 0 stage interview                  a time in seconds, and a signal or a look
//! 0.5..20 every 0.5 none             looks, the last one at 20
//! 20.5..30 every 0.5 face | none     by turns
//! log 60                             a new log begins a minute after the first
//! resume                             another server goes on from a checkpoint
//! server 61 connected                what the server sees, in seconds since the first log began
//! arrives 63                         what follows comes to the server then
//! ```

use proctor::observation::{Head, Look, Unclear};
use proctor::policy::{Change, Kind, Monitor, Output, Policy, Watch};
use proctor::signal::{Device, Entry, Signal, Sound, Stage, Typing, What};

/// What a script's log comes to, a line for each output.
pub fn run(script: &str) -> Vec<String> {
    let mut policy = Policy::default();
    let mut monitor = Monitor::new(&policy);
    let mut lines = Vec::new();
    let mut began = 0;
    let mut arrives = None;
    for line in script.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["policy", ..] => {
                policy = serde_json::from_str(&line["policy".len()..]).expect(line);
                policy.validate().expect(line);
                monitor = Monitor::new(&policy);
            }
            ["log", at] => {
                began = ms(at);
                tell(&mut lines, began, monitor.begin_log(began));
            }
            ["arrives", at] => arrives = Some(ms(at)),
            ["resume"] => {
                let bytes = postcard::to_allocvec(monitor.checkpoint()).expect("plain fields");
                monitor = Monitor::resume(&policy, postcard::from_bytes(&bytes).expect("its own bytes"));
            }
            ["server", at, "found", kind] => tell(&mut lines, ms(at), monitor.find(named(kind), ms(at))),
            ["server", at, watch] => {
                let watch = match *watch {
                    "began" => Watch::Began,
                    "ended" => Watch::Ended,
                    "connected" => Watch::Connected,
                    "lost" => Watch::Lost,
                    "heard" => Watch::Heard,
                    "tick" => Watch::Tick,
                    "closed" => Watch::Closed,
                    _ => panic!("{line}"),
                };
                tell(&mut lines, ms(at), monitor.watch(ms(at), watch));
            }
            [times, "every", step, rest @ ..] => {
                let (from, to) = times.split_once("..").expect(line);
                let turns = rest.split(|word| *word == "|").map(what).collect::<Vec<_>>();
                for (at_ms, what) in (ms(from)..=ms(to)).step_by(ms(step) as usize).zip(turns.into_iter().cycle()) {
                    let outputs = take(&mut monitor, Entry { at_ms, what }, arrives);
                    tell(&mut lines, began + at_ms, outputs);
                }
            }
            [at, rest @ ..] => {
                let outputs = take(&mut monitor, Entry { at_ms: ms(at), what: what(rest) }, arrives);
                tell(&mut lines, began + ms(at), outputs);
            }
        }
    }
    lines
}

fn take(monitor: &mut Monitor, entry: Entry, arrives: Option<u32>) -> Vec<Output> {
    match arrives {
        Some(at_ms) => monitor.hear(&[entry], at_ms, |_, _| {}),
        None => monitor.step(&entry),
    }
}

fn tell(lines: &mut Vec<String>, at_ms: u32, outputs: Vec<Output>) {
    for output in outputs {
        let what = match output {
            Output::Warning(kind) => format!("warning {}", kind.name()),
            Output::Cleared(kind) => format!("cleared {}", kind.name()),
            Output::Terminate => "terminate".to_owned(),
            Output::Violation(change, it) => {
                let change = match change {
                    Change::Noted => "noted",
                    Change::Flagged => "flagged",
                    Change::Escalated => "escalated",
                    Change::Resumed => "resumed",
                    Change::Ended => "ended",
                };
                let severity = format!("{:?}", it.severity).to_lowercase();
                let to = it.to_ms.map_or_else(String::new, |to| format!(" to {}", seconds(to)));
                let (kind, from) = (it.id.kind.name(), seconds(it.id.from_ms));
                format!("{change} {kind} #{} {severity} from {from}{to}", it.count)
            }
        };
        lines.push(format!("{} {what}", seconds(at_ms)));
    }
}

fn what(words: &[&str]) -> What {
    let clear = |faces, head| What::Look(Look::Clear { faces, head });
    let head = |yaw: &str, pitch: &str| Head { yaw: number(yaw), pitch: number(pitch) };
    let unclear = |why| What::Look(Look::CannotTell(why));
    match words {
        ["face"] => clear(1, Some(head("0", "0"))),
        ["none"] => clear(0, None),
        ["faces", faces] => clear(number(faces), None),
        ["head", yaw, pitch] => clear(1, Some(head(yaw, pitch))),
        ["dark"] => unclear(Unclear::TooDark),
        ["bright"] => unclear(Unclear::TooBright),
        ["blurred"] => unclear(Unclear::TooBlurred),
        ["covered"] => unclear(Unclear::Covered),
        ["frozen"] => unclear(Unclear::Frozen),
        ["doubtful"] => unclear(Unclear::Doubtful),
        signal => What::Signal(self::signal(signal)),
    }
}

fn signal(words: &[&str]) -> Signal {
    let device = |became: &str| match became {
        "ended" => Device::Ended,
        "muted" => Device::Muted,
        "changed" => Device::Changed,
        "back" => Device::Back,
        other => panic!("{other}"),
    };
    match words {
        ["tick"] => Signal::Tick,
        ["stage", "check"] => Signal::Stage(Stage::DeviceCheck),
        ["stage", "interview"] => Signal::Stage(Stage::Interview),
        ["stage", "ended"] => Signal::Stage(Stage::Ended),
        ["dialog", "opened"] => Signal::DialogOpened,
        ["dialog", "closed"] => Signal::DialogClosed,
        ["hidden"] => Signal::PageHidden,
        ["shown"] => Signal::PageShown,
        ["unloading"] => Signal::PageUnloading,
        ["loaded"] => Signal::PageLoaded,
        ["blurred-window"] => Signal::WindowBlurred,
        ["focused"] => Signal::WindowFocused,
        ["fullscreen", "entered"] => Signal::FullscreenEntered,
        ["fullscreen", "left"] => Signal::FullscreenLeft,
        ["copied"] => Signal::Copied,
        ["cut"] => Signal::Cut,
        ["pasted", chars] => Signal::Pasted { chars: number(chars), from_question: false },
        ["pasted", chars, "of", "question"] => Signal::Pasted { chars: number(chars), from_question: true },
        ["printed"] => Signal::Printed,
        ["menu"] => Signal::ContextMenu,
        ["devtools", "suspected"] => Signal::DevtoolsSuspected,
        ["devtools", "closed"] => Signal::DevtoolsClosed,
        ["screens", "more"] => Signal::MoreScreens(true),
        ["screens", "one"] => Signal::MoreScreens(false),
        ["share", "monitor"] => Signal::ShareStarted { whole_monitor: true },
        ["share", "window"] => Signal::ShareStarted { whole_monitor: false },
        ["share", "ended"] => Signal::ShareEnded,
        ["share", "impossible"] => Signal::ShareImpossible,
        ["camera", became] => Signal::Camera(device(became)),
        ["microphone", became] => Signal::Microphone(device(became)),
        ["voices"] => Signal::Sound(Sound::SeveralVoices),
        ["loud"] => Signal::Sound(Sound::LoudRoom),
        ["network", "lost"] => Signal::NetworkLost,
        ["network", "back"] => Signal::NetworkBack,
        ["reconnected"] => Signal::Reconnected,
        ["answer", chars, "typed", typing, "shown", shown, "pasted", pasted] => Signal::AnswerSubmitted(Typing {
            chars: number(chars),
            typing_ms: ms(typing),
            shown_ms: ms(shown),
            pasted_chars: number(pasted),
        }),
        ["no", "vision"] => Signal::NoVision,
        ["looks", "every", step] => Signal::LooksEvery { ms: ms(step) as u16 },
        other => panic!("no such signal: {other:?}"),
    }
}

fn named(name: &str) -> Kind {
    Kind::ALL.into_iter().find(|kind| kind.name() == name).expect(name)
}

fn number<T: std::str::FromStr>(word: &str) -> T {
    word.parse().unwrap_or_else(|_| panic!("not a number: {word}"))
}

fn ms(seconds: &str) -> u32 {
    (number::<f64>(seconds) * 1_000.0).round() as u32
}

fn seconds(ms: u32) -> String {
    format!("{}", f64::from(ms) / 1_000.0)
}
