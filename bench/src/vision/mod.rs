//! How well and how fast faces are seen, natively and by the worker that browsers run.

mod browser;
mod canvas;
mod conditions;
mod counting;
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
    photos::Photos,
    scene::{HEIGHT, Place, WIDTH},
};
use crate::{figures::Figures, load::Load, place::Place as Disk, random::Random, site};

/// Percent of pictures in usable light with the right count of faces, and percent of empty ones in which a face was seen.
const COUNT: &str = "vision_count_right_percent";
const FALSE_ALARMS: &str = "vision_false_alarms_percent";
/// Percent of pairs of faces on which the answer is wrong.
const SAME_WRONG: &str = "identity_same_taken_for_other_percent";
const OTHER_WRONG: &str = "identity_other_taken_for_same_percent";
/// Milliseconds for a frame in which the known face is followed, for one that is searched too, and for a single picture that is
/// examined with all care; medians, on one thread.
const TRACKED: &str = "vision_tracked_ms";
const SEARCHED: &str = "vision_searched_ms";
const EXAMINED: &str = "vision_examined_ms";
/// The same in WebAssembly, and the worker's kilobytes on the wire with its models.
const WASM_TRACKED: &str = "vision_wasm_tracked_ms";
const WASM_SEARCHED: &str = "vision_wasm_searched_ms";
const WIRE: &str = "vision_wire_brotli_kb";

pub const NAMES: [&str; 11] = [
    // All of them together.
    "vision",
    COUNT,
    FALSE_ALARMS,
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
pub fn measure(disk: &Disk, figures: &mut Figures) -> Result<()> {
    let models = directory("MODELS_DIR")?;
    let photos = Photos::read(&directory("VISION_DIR")?)?;
    let mut eye = eye(&models)?;

    let mut outcomes = Vec::new();
    for condition in conditions::all(&photos) {
        outcomes.push(counting::count(&mut eye, &condition)?);
    }
    counting::print(&outcomes);
    note(&outcomes, figures);

    let cosines = identity::cosines(&mut eye, &identity::embedder(&models)?, &photos)?;
    cosines.print();
    let (same, other) = cosines.wrong();
    figures.set(SAME_WRONG, same);
    figures.set(OTHER_WRONG, other);

    eye.set_threads(1);
    let frames = moving(&photos);
    times(&mut eye, &frames, figures)?;
    let (tracked, searched) = browser::times(disk, &directory("WORKER_DIR")?, &models, &frames)?;
    figures.set(WASM_TRACKED, tracked);
    figures.set(WASM_SEARCHED, searched);
    figures.set(WIRE, site::worker_kb(disk.site())?);
    Ok(())
}

fn note(outcomes: &[Outcome], figures: &mut Figures) {
    let usable: Vec<_> = outcomes.iter().filter(|outcome| outcome.is_usable).collect();
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let sum = |of: fn(&Outcome) -> usize| usable.iter().map(|outcome| of(outcome)).sum::<usize>();
    figures.set(COUNT, percent(sum(|outcome| outcome.right), sum(|outcome| outcome.scenes)));
    let empty = |of: fn(&Outcome) -> usize| {
        usable.iter().filter(|outcome| outcome.there == 0).map(|outcome| of(outcome)).sum::<usize>()
    };
    figures.set(FALSE_ALARMS, percent(empty(|outcome| outcome.alarms), empty(|outcome| outcome.scenes)));
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
        Place { x: 0.5 + sway, angle: sway, ..Place::MIDDLE }.draw(&mut canvas, photo, &labels[0]);
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
