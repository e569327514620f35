//! Pictures of scores, drawn as SVG. Every number in them stands beside them as text.

use std::f64::consts::TAU;

use leptos::prelude::*;

use crate::{
    components::words::{clock, mark},
    model::{Evaluation, Report, ReportedQuestion},
};

/// Size of the radar's picture, its centre, and the radius of a score of 10.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 280.0;
const CENTRE: (f64, f64) = (200.0, 144.0);
const RADIUS: f64 = 100.0;

/// Scores at which the radar has rings.
const RINGS: [f64; 5] = [2.0, 4.0, 6.0, 8.0, 10.0];

/// The means of the criteria and how far the candidate got, as a radar and as numbers.
pub(super) fn criteria(report: &Report) -> AnyView {
    let mut axes: Vec<(&'static str, f64)> =
        report.criteria.each().into_iter().filter_map(|(name, mean)| mean.map(|mean| (name, mean))).collect();
    if axes.is_empty() {
        return view! {
            <section class="card pad">
                <h2>"By criterion"</h2>
                <p class="dim">"No answer was evaluated."</p>
            </section>
        }
        .into_any();
    }
    axes.push(("Completion", report.completion.rate * 10.0));
    let numbers = axes.iter().map(|(name, score)| number(name, *score)).collect_view();
    view! {
        <section class="card pad">
            <h2>"By criterion"</h2>
            <div class="radar-and-numbers">
                {radar(&axes)} <dl class="facts numbers">{numbers}</dl>
            </div>
            <small>"Means of what the evaluator gave, of 10. Completion: questions answered of those planned."</small>
        </section>
    }
    .into_any()
}

fn number(name: &'static str, score: f64) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd class="num">{format!("{score:.1}")}</dd>
        </div>
    }
    .into_any()
}

/// A point on an axis, the first of which goes straight up.
fn point(axis: usize, axes: usize, score: f64) -> (f64, f64) {
    let angle = TAU * axis as f64 / axes as f64;
    let radius = RADIUS * score.clamp(0.0, 10.0) / 10.0;
    (CENTRE.0 + radius * angle.sin(), CENTRE.1 - radius * angle.cos())
}

fn polygon(scores: impl Iterator<Item = f64>, axes: usize) -> String {
    let corner = |(axis, score)| {
        let (x, y) = point(axis, axes, score);
        format!("{x:.1},{y:.1}")
    };
    scores.enumerate().map(corner).collect::<Vec<_>>().join(" ")
}

fn radar(axes: &[(&'static str, f64)]) -> AnyView {
    let count = axes.len();
    let rings = RINGS.map(
        |score| view! { <polygon class="ring" points=polygon(std::iter::repeat_n(score, count), count)></polygon> },
    );
    let spokes = (0..count)
        .map(|axis| {
            let (x, y) = point(axis, count, 10.0);
            let (x1, y1) = CENTRE;
            view! { <line class="ring" x1=x1 y1=y1 x2=format!("{x:.1}") y2=format!("{y:.1}")></line> }
        })
        .collect_view();
    let names = axes
        .iter()
        .enumerate()
        .map(|(axis, (name, _))| {
            let (x, y) = point(axis, count, 10.0);
            let (dx, dy) = ((x - CENTRE.0) / RADIUS, (y - CENTRE.1) / RADIUS);
            let anchor = if dx > 0.2 {
                "start"
            } else if dx < -0.2 {
                "end"
            } else {
                "middle"
            };
            let (x, y) = (format!("{:.1}", x + dx * 10.0), format!("{:.1}", y + dy * 14.0 + 4.0));
            view! { <text x=x y=y text-anchor=anchor>{*name}</text> }
        })
        .collect_view();
    let dots = axes
        .iter()
        .enumerate()
        .map(|(axis, (_, score))| {
            let (x, y) = point(axis, count, *score);
            view! { <circle class="dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3.5"></circle> }
        })
        .collect_view();
    let words = axes.iter().map(|(name, score)| format!("{name} {score:.1}")).collect::<Vec<_>>().join(", ");
    view! {
        <svg
            class="radar"
            role="img"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            aria-labelledby="radar-title radar-words"
        >
            <title id="radar-title">"Means by criterion"</title>
            <desc id="radar-words">{format!("Of 10: {words}.")}</desc>
            {rings}
            {spokes}
            <polygon class="area" points=polygon(axes.iter().map(|(_, score)| *score), count)></polygon>
            {dots}
            {names}
        </svg>
    }
    .into_any()
}

/// The score of each question as a bar and as a number.
pub(super) fn scores(report: &Report) -> AnyView {
    let rows = report.questions.iter().map(row).collect_view();
    view! {
        <section class="card pad">
            <h2>"By question"</h2>
            <table class="scores">
                <thead>
                    <tr>
                        <th scope="col">"Question"</th>
                        <th scope="col">"Score"</th>
                        <th scope="col" class="num">
                            "Of 10"
                        </th>
                        <th scope="col" class="num">
                            "Time used"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(question: &ReportedQuestion) -> AnyView {
    let number = question.index + 1;
    let used = question.answer.as_ref().map_or("–".to_owned(), |answer| clock(answer.time_used_ms / 1000));
    let score = mark(question.evaluation.as_ref().and_then(Evaluation::score));
    view! {
        <tr>
            <th scope="row">
                <a href=format!("#question-{number}") aria-label=format!("Question {number}")>
                    {number.to_string()}
                </a>
            </th>
            <td>{bar(question)}</td>
            <td class="num">{score}</td>
            <td class="num">{used}</td>
        </tr>
    }
    .into_any()
}

fn bar(question: &ReportedQuestion) -> AnyView {
    let number = question.index + 1;
    let evaluation = question.evaluation.as_ref();
    let words = match evaluation {
        None => "not evaluated".to_owned(),
        Some(known) => match &known.correction {
            None => known.score().map_or("could not be evaluated".to_owned(), |score| format!("{score:.1} of 10")),
            Some(set) => format!("{:.1} of 10, set in place of {}", set.score, mark(known.verdict.measured())),
        },
    };
    let value = evaluation
        .and_then(Evaluation::score)
        .map(|score| view! { <rect class="value" x="0" y="0" width=score * 10.0 height="10"></rect> });
    // Where the evaluator's score was.
    let corrected = evaluation.filter(|known| known.correction.is_some());
    let before = corrected.and_then(|known| known.verdict.measured()).map(|score| {
        let x = (score * 10.0).clamp(0.0, 99.0);
        view! { <rect class="before" x=x y="0" width="1" height="10"></rect> }
    });
    let (title, desc) = (format!("bar-{number}"), format!("bar-{number}-words"));
    view! {
        <svg
            class="bar-chart"
            role="img"
            viewBox="0 0 100 10"
            preserveAspectRatio="none"
            aria-labelledby=format!("{title} {desc}")
        >
            <title id=title.clone()>{format!("Score of question {number}")}</title>
            <desc id=desc.clone()>{words}</desc>
            <rect class="track" x="0" y="0" width="100" height="10"></rect>
            {value}
            {before}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_axis_goes_straight_up_and_scores_stay_inside() {
        assert_eq!(point(0, 5, 10.0), (200.0, 44.0));
        assert_eq!(point(0, 5, 0.0), CENTRE);
        assert_eq!(point(2, 4, 99.0), point(2, 4, 10.0));
        let (x, y) = point(1, 4, 5.0);
        assert!((x - 250.0).abs() < 1e-9 && (y - 144.0).abs() < 1e-9, "to the right: {x}, {y}");
    }
}
