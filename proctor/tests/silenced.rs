//! Whatever a page writes into its logs beside honest looks at an empty chair, however it cuts them, and though it goes on by
//! requests for a while: somebody is told soon.

use proctor::observation::{Look, Unclear};
use proctor::policy::{Monitor, Output, Policy, Severity, Watch};
use proctor::signal::{Device, Entry, Signal, Stage, What};
use proptest::prelude::*;

/// So long (ms) an interview with an empty chair may go on before it is flagged: what dialogs excuse, and some more…
const SOON_MS: u32 = 400_000;

/// …and where the page hangs up: who shows little now and then and goes on by requests in between is flagged by what adds up.
const LATE_MS: u32 = 900_000;

/// The server hears of time passing at least so often (ms).
const TICK_MS: u32 = 2_000;

/// What a page does after a while.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Looks, and sees no face.
    Look(Look),
    Say(Signal),
    NewLog,
    /// Its clock is ahead or behind by so much from now on.
    Skew(i64),
    Reconnect,
    /// Hangs up and goes on by requests, with nothing reported, until it comes back.
    HangUp,
    ComeBack,
}

const NOBODY: Act = Act::Look(Look::Clear { faces: 0, head: None });

/// `more`: what the page may say as well. `hangs_up`: whether it may go on by requests.
fn act(more: &[Signal], hangs_up: bool) -> impl Strategy<Value = Act> {
    let mut signals = vec![
        Signal::Tick,
        Signal::Stage(Stage::DeviceCheck),
        Signal::Stage(Stage::Interview),
        Signal::Stage(Stage::Ended),
        Signal::DialogOpened,
        Signal::DialogClosed,
        Signal::PageLoaded,
        Signal::PageUnloading,
        Signal::PageHidden,
        Signal::PageShown,
        Signal::Camera(Device::Muted),
        Signal::Camera(Device::Back),
        Signal::LooksEvery { ms: 0 },
        Signal::LooksEvery { ms: 5_000 },
        Signal::LooksEvery { ms: u16::MAX },
        Signal::ShareImpossible,
    ];
    signals.extend(more);
    let signal = prop::sample::select(signals);
    prop_oneof![
        6 => Just(NOBODY),
        4 => signal.prop_map(Act::Say),
        1 => Just(Act::NewLog),
        1 => prop::sample::select(vec![0, -3_000, 3_000, -1 << 32, 1 << 32]).prop_map(Act::Skew),
        1 => Just(Act::Reconnect),
        u32::from(hangs_up) => Just(Act::HangUp),
        1 => Just(Act::ComeBack),
    ]
}

/// What a page says of itself that is being left.
fn leaving() -> impl Strategy<Value = Act> {
    let signals = [
        Signal::Tick,
        Signal::PageUnloading,
        Signal::PageLoaded,
        Signal::PageHidden,
        Signal::WindowBlurred,
        Signal::Camera(Device::Muted),
        Signal::Camera(Device::Back),
        Signal::ShareEnded,
    ];
    prop::sample::select(signals.to_vec()).prop_map(Act::Say)
}

/// An interview in which these acts follow each other, again and again. Each comes so many ms after the one before.
fn worst(acts: &[(u32, Act)]) -> Severity {
    let mut monitor = Monitor::new(&Policy::default());
    let (mut now, mut began, mut skew, mut by_requests) = (0, 0, 0, false);
    let hangs_up = acts.iter().any(|(_, act)| matches!(act, Act::HangUp));
    let soon_ms = if hangs_up { LATE_MS } else { SOON_MS };
    let mut outputs = monitor.watch(0, Watch::Connected);
    outputs.extend(monitor.watch(0, Watch::Began));
    for (wait, act) in acts.iter().cycle() {
        for _ in 0..wait / TICK_MS {
            now += TICK_MS;
            outputs.extend(monitor.watch(now, if by_requests { Watch::Asked } else { Watch::Tick }));
        }
        now += wait % TICK_MS;
        if now > soon_ms {
            break;
        }
        if by_requests {
            outputs.extend(monitor.watch(now, Watch::Asked));
            if matches!(act, Act::ComeBack) {
                by_requests = false;
                outputs.extend(monitor.watch(now, Watch::Connected));
            }
            continue;
        }
        let what = match *act {
            Act::Look(look) => What::Look(look),
            Act::Say(signal) => What::Signal(signal),
            Act::NewLog => {
                began = now;
                outputs.extend(monitor.begin_log(now));
                continue;
            }
            Act::Skew(by) => {
                skew = by;
                continue;
            }
            Act::HangUp => {
                by_requests = true;
                outputs.extend([Watch::Lost, Watch::Asked].map(|watch| monitor.watch(now, watch)).concat());
                continue;
            }
            Act::ComeBack => continue,
            Act::Reconnect => {
                outputs.extend(monitor.watch(now, Watch::Lost));
                outputs.extend(monitor.watch(now, Watch::Connected));
                continue;
            }
        };
        let at_ms = (i64::from(now - began) + skew).clamp(0, i64::from(u32::MAX)) as u32;
        outputs.extend(monitor.hear(&[Entry { at_ms, what }], now, |_, _| {}));
    }
    let severity = |output: &Output| match output {
        Output::Violation(_, violation) => Some(violation.severity),
        _ => None,
    };
    outputs.iter().filter_map(severity).max().unwrap_or(Severity::Info)
}

#[test]
fn page_that_is_left_again_and_again_is_excused_by_nothing() {
    let say = |wait, signal| (wait, Act::Say(signal));
    let off = say(0, Signal::Camera(Device::Muted));
    let loaded_anew = [say(0, Signal::PageLoaded), off, say(0, Signal::PageUnloading), say(4_000, Signal::Tick)];
    let never_loaded = [off, say(0, Signal::NoVision), say(0, Signal::PageUnloading), say(4_000, Signal::Tick)];
    for acts in [loaded_anew, never_loaded] {
        assert!(worst(&acts) > Severity::Low, "{acts:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_log_silences_an_empty_chair(
        acts in any::<bool>().prop_flat_map(|hangs_up| prop::collection::vec((0u32..8_000, act(&[], hangs_up)), 1..40)),
        pace in prop::sample::select(vec![1, 2, 8, 64]),
    ) {
        let mut acts: Vec<_> = acts.into_iter().map(|(wait, act)| (wait / pace, act)).collect();
        // Some time has to pass.
        acts.push((500, NOBODY));
        prop_assert!(worst(&acts) > Severity::Info);
    }

    /// It says that it is being left, or loaded, and why there is no picture, and looks no more.
    #[test]
    fn no_page_that_is_left_is_silent_for_nothing(
        acts in prop::collection::vec((0u32..8_000, leaving()), 1..12), pace in prop::sample::select(vec![1, 2, 8]),
    ) {
        let mut acts: Vec<_> = acts.into_iter().map(|(wait, act)| (wait / pace, act)).collect();
        acts.push((500, Act::Say(Signal::Tick)));
        prop_assert!(worst(&acts) > Severity::Low);
    }

    /// A page that says that it cannot look is excused from looking, and from nothing else.
    #[test]
    fn no_log_that_goes_on_looking_silences_an_empty_chair(
        acts in any::<bool>().prop_flat_map(|hangs_up| {
            prop::collection::vec((0u32..1_000, act(&[Signal::NoVision], hangs_up)), 1..40)
        }),
    ) {
        let acts: Vec<_> = acts.into_iter().flat_map(|act| [act, (500, NOBODY)]).collect();
        prop_assert!(worst(&acts) > Severity::Info);
    }
}

/// Something without a face, for so many looks.
fn faceless() -> impl Strategy<Value = (Act, usize)> {
    let unclear = [Unclear::TooDark, Unclear::TooBlurred, Unclear::Covered, Unclear::Doubtful];
    let looks = unclear.map(|why| Act::Look(Look::CannotTell(why))).into_iter().chain([NOBODY]).collect::<Vec<_>>();
    (prop::sample::select(looks), 1..12_usize)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_looks_without_a_face_follow_each_other_it_is_flagged(runs in prop::collection::vec(faceless(), 1..6)) {
        let acts: Vec<_> = runs.iter().flat_map(|(look, times)| vec![(500, *look); *times]).collect();
        let mut all = vec![(0, Act::Say(Signal::Stage(Stage::Interview)))];
        all.extend(acts.iter().cycle().take(800));
        prop_assert!(worst(&all) >= Severity::Low);
    }
}
