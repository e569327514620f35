//! The clock. The server keeps the time; this only shows it, and says when it is over.

use std::time::Duration;

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};

use super::state::Interview;
use crate::{
    components::{react, words::clock},
    model::UnixMillis,
};

/// Seconds from which on the clock asks for attention.
const SOON_S: i64 = 15;

/// How often the clock looks at the time.
const TICK: Duration = Duration::from_millis(200);

/// Seconds until `deadline`, counted down while the current owner lives. Runs `over` once when they are used up.
pub fn seconds_left(interview: Interview, deadline: UnixMillis, over: impl Fn() + 'static) -> ReadSignal<i64> {
    let left = move || (deadline.since(interview.server_now()) + 999).div_euclid(1000);
    let (shown, show) = signal(left());
    let handle = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = handle.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let over = StoredValue::new_local(over);
    react(move || {
        let tick = move || {
            let now = left();
            show.try_maybe_update(|seconds| (std::mem::replace(seconds, now) != now, ()));
            if now <= 0 {
                stop();
                over.try_with_value(|over| over());
            }
        };
        handle.set_value(set_interval_with_handle(tick, TICK).ok());
    });
    on_cleanup(stop);
    shown
}

/// The clock of the question that is open.
#[component]
pub fn Clock() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let open = Memo::new(move |_| {
        interview.view.with(|view| view.question.as_ref().map(|question| (question.delivered_at, question.deadline)))
    });
    move || {
        open.get().map(|(delivered_at, deadline)| {
            let total = deadline.since(delivered_at) / 1000;
            let left = seconds_left(interview, deadline, || {});
            let soon = Memo::new(move |_| left.get() <= SOON_S);
            view! {
                <div class="card pad clock">
                    <small>"Time left"</small>
                    <div class="timer num" class:soon=soon role="timer" aria-label="Time left">
                        {move || clock(left.get())}
                    </div>
                    <progress
                        class="wide"
                        class:soon=soon
                        aria-hidden="true"
                        max=total
                        value=move || left.get().clamp(0, total)
                    ></progress>
                    <div class="unseen" role="status">
                        {move || announcement(left.get())}
                    </div>
                </div>
            }
        })
    }
}

/// What is read out: three times, not every second. Each text stands for a few seconds, so that it is not missed.
fn announcement(left: i64) -> &'static str {
    match left {
        56..=60 => "One minute left",
        26..=30 => "30 seconds left",
        6..=10 => "10 seconds left",
        _ => "",
    }
}
