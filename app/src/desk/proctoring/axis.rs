//! One time axis, drawn as SVG: questions, connection, live video, flags, their pictures, and spot checks. Each flag and each
//! picture leads to its place in the lists, and these lead back. Sizes are in percent and pixels, so that it is readable at any width.

use leptos::prelude::*;
use proctor::policy::Severity;

use super::{
    check::Outcome,
    course::{Course, Span},
};
use crate::{
    components::{
        violation_words::{severity, severity_class as class, violation as violation_words},
        words::clock,
    },
    model::{Recorded, Session, UnixMillis, Violation},
    service::proctoring::SpotCheck,
};

/// Pixels from lane to lane.
const LANE: u32 = 46;

/// Lines for the time, at most.
const MARKS: i64 = 6;

/// Seconds between two of them.
const STEPS: [i64; 9] = [10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];

struct Axis {
    from: UnixMillis,
    to: UnixMillis,
}

impl Axis {
    fn x(&self, at: UnixMillis) -> String {
        let all = self.to.since(self.from).max(1) as f64;
        let part = (at.since(self.from) as f64 / all).clamp(0.0, 1.0);
        // Lines have round ends.
        format!("{:.2}%", 0.6 + part * 98.8)
    }

    fn marks(&self) -> Vec<UnixMillis> {
        let all = self.to.since(self.from) / 1000;
        let step = STEPS.into_iter().find(|step| all / step <= MARKS).unwrap_or(all / MARKS + 1);
        (0..=all / step).map(|number| UnixMillis(self.from.0 + number * step * 1000)).collect()
    }

    fn line(&self, y: u32, span: Span, class: &'static str) -> AnyView {
        let (x1, x2) = (self.x(span.from), self.x(span.to));
        view! { <line class=class x1=x1 x2=x2 y1=y y2=y></line> }.into_any()
    }

    /// Minutes and seconds since its begin.
    fn clock(&self, at: UnixMillis) -> String {
        clock(at.since(self.from) / 1000)
    }
}

fn lane(number: usize, title: &'static str, content: impl FnOnce(u32) -> AnyView) -> AnyView {
    let top = number as u32 * LANE;
    view! {
        <text class="lane" x="0" y=top + 14>
            {title}
        </text>
        {content(top + 30)}
    }
    .into_any()
}

/// The axis of a session. `zero`: what the times of checks count from.
pub(super) fn axis(
    session: &Session,
    events: &[Recorded],
    checks: &[SpotCheck],
    zero: UnixMillis,
    now: UnixMillis,
) -> AnyView {
    let course = Course::of(session, events, now);
    let violations = session.proctoring.as_ref().map_or(&[][..], |kept| &kept.violations);
    let axis = Axis { from: zero, to: session.ended_at.unwrap_or(now).max(zero) };
    let mut lanes = vec![
        lane(0, "Questions", |y| questions(&axis, &course, y)),
        lane(1, "Page connected", |y| connection(&axis, &course, y)),
    ];
    if !course.in_room.is_empty() {
        let spans = |y| course.in_room.iter().map(|span| axis.line(y, *span, "span there")).collect_view().into_any();
        lanes.push(lane(lanes.len(), "In live video", spans));
    }
    for (grave, title) in [
        (Severity::Critical, "Critical"),
        (Severity::High, "High"),
        (Severity::Medium, "Medium"),
        (Severity::Low, "Low"),
        (Severity::Info, "For information"),
    ] {
        let these: Vec<_> = violations.iter().filter(|violation| violation.severity == grave).collect();
        if !these.is_empty() {
            let marks = |y| these.iter().map(|violation| mark(&axis, violation, y, now)).collect_view().into_any();
            lanes.push(lane(lanes.len(), title, marks));
        }
    }
    if violations.iter().any(|violation| !violation.stills.is_empty()) {
        let ticks = |y| violations.iter().map(|violation| pictures(&axis, violation, y)).collect_view().into_any();
        lanes.push(lane(lanes.len(), "Pictures of flags", ticks));
    }
    if !checks.is_empty() {
        let dots = |y| checks.iter().map(|check| dot(&axis, check, zero, y)).collect_view().into_any();
        lanes.push(lane(lanes.len(), "Spot checks", dots));
    }
    let bottom = lanes.len() as u32 * LANE;
    let marks = axis.marks();
    let last = marks.len() - 1;
    let grid = marks.into_iter().enumerate().map(|(number, at)| {
        let x = axis.x(at);
        let anchor = if number == 0 {
            "start"
        } else if number == last {
            "end"
        } else {
            "middle"
        };
        view! {
            <line class="grid" x1=x.clone() x2=x.clone() y1="0" y2=bottom></line>
            <text class="time" x=x y=bottom + 16 text-anchor=anchor>
                {axis.clock(at)}
            </text>
        }
    });
    view! {
        <svg class="axis" role="group" aria-label="What happened when" height=bottom + 22>
            {grid.collect_view()}
            {lanes}
        </svg>
    }
    .into_any()
}

fn questions(axis: &Axis, course: &Course, y: u32) -> AnyView {
    let all = course.questions.iter().map(|(index, span)| {
        let number = index + 1;
        let words = format!("Question {number}, {} to {}", axis.clock(span.from), axis.clock(span.to));
        let middle = axis.x(UnixMillis((span.from.0 + span.to.0) / 2));
        view! {
            <g>
                <title id=format!("q-{number}")>{words}</title>
                {axis.line(y, *span, "span")}
                <text class="on-span" x=middle y=y + 4 text-anchor="middle">
                    {number.to_string()}
                </text>
            </g>
        }
    });
    all.collect_view().into_any()
}

fn connection(axis: &Axis, course: &Course, y: u32) -> AnyView {
    let there = course.connected.iter().map(|span| axis.line(y, *span, "span there")).collect_view();
    let apart = course.apart.iter().map(|span| axis.line(y, *span, "span apart")).collect_view();
    let credits = course.credits.iter().map(|span| axis.line(y + 9, *span, "credit")).collect_view();
    view! {
        {there}
        {apart}
        {credits}
    }
    .into_any()
}

fn mark(axis: &Axis, violation: &Violation, y: u32, now: UnixMillis) -> AnyView {
    let key = violation.key;
    let span = Span { from: violation.from, to: violation.to.unwrap_or(now) };
    let state = if violation.is_open() || violation.counts() { "" } else { " settled" };
    let words =
        format!("{}, {}, at {}", violation_words(key.kind), severity(violation.severity), axis.clock(violation.from));
    let title = words.clone();
    view! {
        <a
            id=format!("t-{key}")
            class=format!("mark-at {}{state}", class(violation.severity))
            href=format!("#v-{key}")
            aria-label=words
        >
            <title id=format!("n-{key}")>{title}</title>
            {axis.line(y, span, "hit")}
            {axis.line(y, span, "shown")}
        </a>
    }
    .into_any()
}

fn pictures(axis: &Axis, violation: &Violation, y: u32) -> AnyView {
    let key = violation.key;
    let all = violation.stills.iter().map(|still| {
        let place = format!("{key}-{}", still.number);
        let words = format!("Picture of: {}, at {}", violation_words(key.kind), axis.clock(still.at));
        let title = words.clone();
        let x = axis.x(still.at);
        view! {
            <a
                id=format!("p-{place}")
                class=format!("still-at {}", class(violation.severity))
                href=format!("#i-{place}")
                aria-label=words
            >
                <title id=format!("c-{place}")>{title}</title>
                <line class="hit" x1=x.clone() x2=x.clone() y1=y - 6 y2=y + 6></line>
                <line class="shown" x1=x.clone() x2=x y1=y - 6 y2=y + 6></line>
            </a>
        }
    });
    all.collect_view().into_any()
}

fn dot(axis: &Axis, check: &SpotCheck, zero: UnixMillis, y: u32) -> AnyView {
    let at = UnixMillis(zero.0 + i64::from(check.at_ms));
    let outcome = Outcome::of(check);
    let words = format!("Spot check at {}: {}", axis.clock(at), outcome.words());
    let title = words.clone();
    view! {
        <a
            id=format!("s-{}", check.at_ms)
            class=format!("check-at {}", outcome.class())
            href=format!("#check-{}", check.at_ms)
            aria-label=words
        >
            <title id=format!("m-{}", check.at_ms)>{title}</title>
            <circle cx=axis.x(at) cy=y r="6"></circle>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_a_few_marks_and_nothing_outside() {
        for seconds in [1, 59, 600, 3_600, 8 * 3_600, 100 * 3_600] {
            let axis = Axis { from: UnixMillis(5_000), to: UnixMillis(5_000 + seconds * 1000) };
            let marks = axis.marks();
            assert!((1..=MARKS as usize + 1).contains(&marks.len()), "{seconds}: {marks:?}");
            assert!(marks.iter().all(|at| *at <= axis.to));
            assert_eq!((axis.x(UnixMillis(0)), axis.x(UnixMillis(i64::MAX))), ("0.60%".into(), "99.40%".into()));
        }
        let nothing = Axis { from: UnixMillis(5), to: UnixMillis(5) };
        assert_eq!((nothing.marks().len(), nothing.x(UnixMillis(5))), (1, "0.60%".into()));
    }
}
