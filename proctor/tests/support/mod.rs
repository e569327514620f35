//! Logs as they may be, for properties that hold for all of them.

use proctor::observation::{Head, Look, Unclear};
use proctor::signal::{Device, Entry, Signal, Sound, Stage, Typing, What};
use proptest::prelude::*;

pub fn look() -> impl Strategy<Value = Look> {
    let head = (any::<i8>(), any::<i8>()).prop_map(|(yaw, pitch)| Head { yaw, pitch });
    prop_oneof![
        3 => Just(Look::Clear { faces: 1, head: Some(Head { yaw: 0, pitch: 0 }) }),
        3 => Just(Look::Clear { faces: 0, head: None }),
        2 => Just(Look::Clear { faces: 2, head: None }),
        2 => Just(Look::Clear { faces: 1, head: Some(Head { yaw: 50, pitch: 0 }) }),
        1 => (any::<u8>(), prop::option::of(head)).prop_map(|(faces, head)| Look::Clear { faces, head }),
        2 => prop::sample::select(vec![
            Unclear::TooDark, Unclear::TooBright, Unclear::TooBlurred, Unclear::Covered, Unclear::Frozen, Unclear::Doubtful,
        ]).prop_map(Look::CannotTell),
    ]
}

pub fn signal() -> impl Strategy<Value = Signal> {
    let device = prop::sample::select(vec![Device::Ended, Device::Muted, Device::Changed, Device::Back]);
    prop_oneof![
        6 => prop::sample::select(vec![
            Signal::PageHidden, Signal::PageShown, Signal::WindowBlurred, Signal::WindowFocused, Signal::FullscreenEntered,
            Signal::FullscreenLeft, Signal::DevtoolsSuspected, Signal::DevtoolsClosed, Signal::ShareEnded, Signal::Tick,
            Signal::ShareImpossible, Signal::NoVision,
        ]),
        3 => prop::sample::select(vec![
            Signal::DialogOpened, Signal::DialogClosed, Signal::DialogClosed, Signal::PageUnloading, Signal::PageLoaded,
            Signal::NetworkLost, Signal::NetworkBack, Signal::Reconnected,
        ]),
        3 => prop::sample::select(vec![
            Signal::Copied, Signal::Cut, Signal::Printed, Signal::ContextMenu, Signal::Sound(Sound::SeveralVoices),
            Signal::Sound(Sound::LoudRoom),
        ]),
        1 => device.clone().prop_map(Signal::Camera),
        1 => device.prop_map(Signal::Microphone),
        1 => any::<bool>().prop_map(Signal::MoreScreens),
        1 => any::<bool>().prop_map(|whole_monitor| Signal::ShareStarted { whole_monitor }),
        1 => (any::<u32>(), any::<bool>()).prop_map(|(chars, from_question)| Signal::Pasted { chars, from_question }),
        1 => any::<u16>().prop_map(|ms| Signal::LooksEvery { ms }),
        1 => any::<[u32; 4]>().prop_map(|[chars, shown_ms, typing_ms, pasted_chars]| {
            Signal::AnswerSubmitted(Typing { chars, shown_ms, typing_ms, pasted_chars })
        }),
    ]
}

/// An interview: stretches of like looks with signals between, at a usual pace.
pub fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let stretch = (look(), 1usize..40, prop::sample::select(vec![250u32, 500, 500, 500, 1_000, 3_000]));
    let between = (prop::option::weighted(0.6, signal()), 0u32..15_000);
    (prop::collection::vec((stretch, between), 1..25), prop::option::weighted(0.2, 0u32..60_000)).prop_map(
        |(parts, late)| {
            let mut entries = Vec::new();
            let mut at_ms = 0;
            let mut put = |at_ms, what| entries.push(Entry { at_ms, what });
            if late.is_none() {
                put(0, What::Signal(Signal::Stage(Stage::Interview)));
            }
            for ((look, looks, step), (signal, pause)) in parts {
                for _ in 0..looks {
                    at_ms += step;
                    put(at_ms, What::Look(look));
                }
                if late.is_some_and(|late| at_ms >= late) {
                    put(at_ms, What::Signal(Signal::Stage(Stage::Interview)));
                }
                if let Some(signal) = signal {
                    put(at_ms, What::Signal(signal));
                    at_ms += pause;
                }
            }
            entries
        },
    )
}

/// Anything at any time, backwards too.
pub fn nonsense() -> impl Strategy<Value = Vec<Entry>> {
    let stage = prop::sample::select(vec![Stage::DeviceCheck, Stage::Interview, Stage::Interview, Stage::Ended]);
    let what = prop_oneof![
        4 => look().prop_map(What::Look),
        4 => signal().prop_map(What::Signal),
        1 => stage.prop_map(|stage| What::Signal(Signal::Stage(stage))),
    ];
    prop::collection::vec((any::<u32>(), what).prop_map(|(at_ms, what)| Entry { at_ms, what }), 0..60)
}
