//! How well and how fast faces are seen, natively and by the worker that browsers run.

mod browser;
mod canvas;
mod conditions;
mod counting;
mod draw;
mod identity;
mod photos;
mod scene;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use proctor::vision::{Eye, Picture};

use self::{
    canvas::Canvas,
    counting::Outcome,
    draw::Draw,
    photos::Photos,
    scene::{HEIGHT, Placement, WIDTH},
};
use crate::{figures::Figures, load::Load, place::Place, random::Random, site};

/// The share (0..=1) of pictures in usable light with the right count of faces; of those with somebody in which nobody was seen; and
/// of empty ones in which a face was seen. Seeing was tuned on these pictures…
const TUNED: [&str; 3] = ["vision_count_accuracy", "vision_false_absent_rate", "vision_false_alarm_rate"];
/// …and on none of these.
const HELD_OUT: [&str; 3] =
    ["vision_held_out_count_accuracy", "vision_held_out_false_absent_rate", "vision_held_out_false_alarm_rate"];
/// Percent of pairs of faces on which the answer is wrong.
const SAME_WRONG: &str = "identity_same_taken_for_other_percent";
const OTHER_WRONG: &str = "identity_other_taken_for_same_percent";
/// Milliseconds for a frame in which the known face is followed, for one that is searched too, and for a single picture that is
/// examined with all care; medians, on one thread.
const TRACKED: &str = "vision_native_ms";
const SEARCHED: &str = "vision_native_searched_ms";
const EXAMINED: &str = "vision_native_examined_ms";
/// The same in WebAssembly, and the worker's megabytes (2²⁰ bytes) on the wire with its models.
const WASM_TRACKED: &str = "vision_wasm_ms";
const WASM_SEARCHED: &str = "vision_wasm_searched_ms";
const WIRE: &str = "vision_wire_mb";

pub const NAMES: [&str; 15] = [
    // All of them together.
    "vision",
    TUNED[0],
    TUNED[1],
    TUNED[2],
    HELD_OUT[0],
    HELD_OUT[1],
    HELD_OUT[2],
    SAME_WRONG,
    OTHER_WRONG,
    TRACKED,
    SEARCHED,
    EXAMINED,
    WASM_TRACKED,
    WASM_SEARCHED,
    WIRE,
];

/// Frames of the moving picture that times are measured on.
const FRAMES: usize = 60;

/// Measures all. `VISION_DIR` holds the photographs, `MODELS_DIR` the models and `WORKER_DIR` the worker.
pub fn measure(place: &Place, figures: &mut Figures) -> Result<()> {
    let models = directory("MODELS_DIR")?;
    let photos = Photos::read(&directory("VISION_DIR")?)?;
    let mut eye = eye(&models)?;

    for (draw, title, names) in
        [(Draw::Tuned, "faces counted", TUNED), (Draw::HeldOut, "held out: faces counted", HELD_OUT)]
    {
        let conditions = conditions::all(&photos, draw);
        let outcomes = conditions.iter().map(|condition| counting::count(&mut eye, condition));
        let outcomes = outcomes.collect::<Result<Vec<_>>>()?;
        counting::print(title, &outcomes);
        for (name, value) in names.into_iter().zip(shares(&outcomes)) {
            println!("  {name} {value:.4}");
            figures.set(name, value);
        }
    }

    let cosines = identity::cosines(&mut eye, &identity::embedder(&models)?, &photos)?;
    cosines.print();
    let (same, other) = cosines.wrong();
    figures.set(SAME_WRONG, same);
    figures.set(OTHER_WRONG, other);

    eye.set_threads(1);
    let frames = moving(&photos);
    times(&mut eye, &frames, figures)?;
    let (tracked, searched) = browser::times(place, &directory("WORKER_DIR")?, &models, &frames)?;
    figures.set(WASM_TRACKED, tracked);
    figures.set(WASM_SEARCHED, searched);
    figures.set(WIRE, site::worker_kb(place.site())? / 1024.0);
    Ok(())
}

/// In usable light, each 0..=1: counted right, people taken for nobody, empty pictures with a face.
fn shares(outcomes: &[Outcome]) -> [f64; 3] {
    let share = |of: fn(&Outcome) -> usize, among: fn(&Outcome) -> bool| {
        let these = || outcomes.iter().filter(|outcome| outcome.is_usable && among(outcome));
        let (part, whole) = (these().map(of).sum::<usize>(), these().map(|outcome| outcome.scenes).sum::<usize>());
        part as f64 / whole.max(1) as f64
    };
    [
        share(|outcome| outcome.right, |_| true),
        share(|outcome| outcome.missed, |outcome| outcome.there > 0),
        share(|outcome| outcome.alarms, |outcome| outcome.there == 0),
    ]
}

/// The eye of `target/models`.
fn eye(models: &Path) -> Result<Eye> {
    let read = |name: &str| {
        let file = models.join(name);
        fs::read(&file).with_context(|| format!("reading {}", file.display()))
    };
    Ok(Eye::new(read("blazeface.onnx")?, read("facemesh.onnx")?)?)
}

/// Somebody who moves a little before a camera.
fn moving(photos: &Photos) -> Vec<Picture> {
    let room = photos.nobody[4].filling(WIDTH, HEIGHT);
    let (photo, labels) = &photos.people[5];
    let frame = |number: usize| {
        let mut canvas: Canvas = room.clone();
        let sway = (number as f32 / 8.0).sin() * 0.05;
        Placement { x: 0.5 + sway, angle: sway, ..Placement::MIDDLE }.draw(&mut canvas, photo, &labels[0]);
        canvas.noise(3.0, &mut Random::of(500_000 + number));
        canvas.picture()
    };
    (0..FRAMES).map(frame).collect()
}

fn times(eye: &mut Eye, frames: &[Picture], figures: &mut Figures) -> Result<()> {
    let (mut tracked, mut searched, mut examined) = (Load::default(), Load::default(), Load::default());
    for frame in frames {
        let start = Instant::now();
        let seen = eye.look(frame.frame()?)?;
        let which = if seen.searched { &mut searched } else { &mut tracked };
        which.note(start.elapsed());
    }
    for frame in frames.iter().step_by(4) {
        let start = Instant::now();
        eye.examine(frame.frame()?)?;
        examined.note(start.elapsed());
    }
    for (name, load) in [(TRACKED, tracked), (SEARCHED, searched), (EXAMINED, examined)] {
        figures.set(name, load.quantile_ms(0.5));
    }
    Ok(())
}

fn directory(variable: &str) -> Result<PathBuf> {
    let found = env::var_os(variable);
    Ok(found.with_context(|| format!("{variable} is not set: run the benchmarks with `cargo xtask bench`"))?.into())
}
