//! The clock. The server keeps the time; this only shows it, and says when it is over.

use std::time::Duration;

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};

use super::state::Interview;
use crate::components::{
    react,
    words::{clock, duration},
};

/// Seconds from which on the clock asks for attention.
const SOON_S: i64 = 15;

/// How often the clock looks at the time.
const TICK: Duration = Duration::from_millis(200);

/// Seconds until the deadline of the open question, counted down while the current owner lives. The deadline may move.
pub fn seconds_left(interview: Interview) -> ReadSignal<i64> {
    let (shown, show) = signal(interview.seconds_left());
    let handle = StoredValue::new(None::<IntervalHandle>);
    let look = move || {
        let now = interview.seconds_left();
        show.try_maybe_update(|seconds| (std::mem::replace(seconds, now) != now, ()));
    };
    react(move || handle.set_value(set_interval_with_handle(look, TICK).ok()));
    react(move || {
        interview.view.track();
        look();
    });
    on_cleanup(move || {
        if let Some(handle) = handle.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    });
    shown
}

impl Interview {
    /// Whole seconds, rounded up, until the open question's deadline; 0 without one.
    pub fn seconds_left(self) -> i64 {
        let deadline = self.view.try_with_untracked(|view| view.question.as_ref().map(|question| question.deadline));
        deadline.flatten().map_or(0, |deadline| (deadline.since(self.server_now()) + 999).div_euclid(1000))
    }
}

/// The clock of the question that is open.
#[component]
pub fn Clock() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let open = Memo::new(move |_| {
        interview.view.with(|view| {
            let question = view.question.as_ref()?;
            Some((question.index, question.deadline.since(question.delivered_at) / 1000, question.added_s))
        })
    });
    move || {
        open.get().map(|(_, total, added_s)| {
            let left = seconds_left(interview);
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
                    {(added_s > 0).then(|| view! { <small role="status">{format!("{} added", duration(added_s))}</small> })}
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
