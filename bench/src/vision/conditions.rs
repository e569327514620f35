//! The conditions under which faces are to be counted.

use std::f32::consts::PI;

use super::canvas::Canvas;
use super::draw::Draw;
use super::photos::Photos;
use super::scene::{HEIGHT, Placement, WIDTH};
use crate::random::Random;

/// What should come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// So many faces in a picture that can be judged.
    Faces(u8),
    /// As many, or that nothing can be told.
    FacesOrUnclear(u8),
    /// That nothing can be told.
    Unclear,
}

/// Pictures of one kind.
pub struct Condition<'a> {
    pub name: &'static str,
    /// Whether the answer has to be right.
    pub is_usable: bool,
    /// How many there are.
    pub scenes: usize,
    make: Box<dyn Fn(usize) -> (Canvas, Truth) + 'a>,
}

impl Condition<'_> {
    /// One of the pictures, the same in every run.
    pub fn scene(&self, number: usize) -> (Canvas, Truth) {
        (self.make)(number)
    }
}

/// How a finished picture is changed.
type Change = fn(&mut Canvas, &mut Random);

/// How one person is put into the room.
type Put = fn(&mut Random) -> Placement;

/// A name, whether the light is usable, where the person is and what is done to the picture.
const ONE: [(&str, bool, Put, Change); 15] = [
    ("one, as a candidate sits", true, seated, noise),
    ("one, near", true, |random| Placement { size: between(random, 0.6, 0.85), ..seated(random) }, noise),
    (
        "one, far (15 to 25 % of the height)",
        true,
        |random| Placement { size: between(random, 0.15, 0.25), ..seated(random) },
        noise,
    ),
    (
        "one, leaning up to 30°",
        true,
        |random| Placement { angle: between(random, -PI / 6.0, PI / 6.0), ..seated(random) },
        noise,
    ),
    ("one, at the edge, a quarter cut off", true, quarter_out, noise),
    ("one, half out of the picture", true, half_out, noise),
    ("one, dim (a third of the light)", true, seated, |canvas, random| exposed(canvas, random, 0.33, 5.0)),
    ("one, dark (a tenth, much noise)", false, seated, |canvas, random| exposed(canvas, random, 0.1, 7.0)),
    ("one, overexposed (twice)", true, seated, |canvas, random| exposed(canvas, random, 2.0, 3.0)),
    ("one, before a window", true, |random| Placement { light: 0.35, ..seated(random) }, noise),
    ("one, warm light", true, seated, |canvas, random| tinted(canvas, random, [1.15, 0.85, 0.5])),
    ("one, blue light of a screen", true, seated, |canvas, random| tinted(canvas, random, [0.45, 0.6, 0.9])),
    ("one, out of focus", true, seated, |canvas, random| blurred(canvas, random, 3)),
    ("one, much noise", true, seated, |canvas, random| canvas.noise(25.0, random)),
    ("one, without colours", true, seated, grey),
];

/// The same for empty rooms.
const NOBODY: [(&str, bool, Change); 6] = [
    ("nobody", true, noise),
    ("nobody, dim", true, |canvas, random| exposed(canvas, random, 0.33, 5.0)),
    ("nobody, dark", false, |canvas, random| exposed(canvas, random, 0.06, 6.0)),
    ("nobody, overexposed", true, |canvas, random| exposed(canvas, random, 2.0, 3.0)),
    ("nobody, much noise", true, |canvas, random| canvas.noise(25.0, random)),
    ("nobody, out of focus", true, |canvas, random| blurred(canvas, random, 3)),
];

const COVERS: [[f32; 3]; 6] = [
    [4.0, 4.0, 5.0],
    [20.0, 12.0, 10.0],
    [90.0, 30.0, 20.0],
    [140.0, 60.0, 50.0],
    [200.0, 200.0, 195.0],
    [60.0, 70.0, 90.0],
];

pub fn all(photos: &Photos, draw: Draw) -> Vec<Condition<'_>> {
    let one = |(number, (name, is_usable, put, change))| one(photos, draw, number, (name, is_usable, put, change));
    let mut conditions: Vec<_> = ONE.into_iter().enumerate().map(one).collect();
    conditions.push(two(photos, draw, 100, "two, side by side", (0.3, 0.5)));
    conditions.push(two(photos, draw, 101, "two, one behind (15 to 22 %)", (0.15, 0.22)));
    if draw == Draw::Tuned {
        // There are no others of them.
        conditions.push(whole(photos));
    }
    conditions.extend(NOBODY.map(|(name, is_usable, change)| nobody(photos, draw, name, is_usable, change)));
    conditions.push(covered(draw));
    conditions
}

/// Each face twice, each time in another room.
fn one<'a>(
    photos: &'a Photos,
    draw: Draw,
    number: usize,
    (name, is_usable, put, change): (&'static str, bool, Put, Change),
) -> Condition<'a> {
    let faces: Vec<_> = photos.faces().collect();
    let scenes = draw.scenes(faces.len() * 2);
    let make = move |index: usize| {
        let mut random = draw.random(number * 10_000 + index);
        let mut canvas = room(photos, draw.room(index));
        if name.contains("window") {
            canvas.each(|value| 150.0 + value * 0.6);
        }
        let (photo, label) = faces[draw.model(index) / 2];
        put(&mut random).draw(&mut canvas, photo, label);
        change(&mut canvas, &mut random);
        (canvas, if is_usable { Truth::Faces(1) } else { Truth::FacesOrUnclear(1) })
    };
    Condition { name, is_usable, scenes, make: Box::new(make) }
}

/// Two people, the second one as high as `size` says.
fn two<'a>(photos: &'a Photos, draw: Draw, number: usize, name: &'static str, size: (f32, f32)) -> Condition<'a> {
    let faces: Vec<_> = photos.faces().collect();
    let scenes = draw.scenes(faces.len() * 2);
    let make = move |index: usize| {
        let mut random = draw.random(number * 10_000 + index);
        let mut canvas = room(photos, draw.room(index));
        let x = between(&mut random, 0.68, 0.85);
        let second = Placement { x, size: between(&mut random, size.0, size.1), ..seated(&mut random) };
        let x = between(&mut random, 0.25, 0.35);
        let first = Placement { x, size: between(&mut random, 0.35, 0.5), ..seated(&mut random) };
        let index = draw.model(index);
        for (place, face) in [(second, index + 7), (first, index)] {
            let (photo, label) = faces[face % faces.len()];
            place.draw(&mut canvas, photo, label);
        }
        noise(&mut canvas, &mut random);
        (canvas, Truth::Faces(2))
    };
    Condition { name, is_usable: true, scenes, make: Box::new(make) }
}

/// The photographs as they are.
fn whole(photos: &Photos) -> Condition<'_> {
    let make = |index: usize| {
        let (photo, labels) = &photos.people[index];
        let (full, height) = (photo.full(), 480);
        (photo.filling(full.width * height / full.height, height), Truth::Faces(labels.len() as u8))
    };
    let scenes = photos.people.len();
    Condition { name: "photographs as they are, one to five", is_usable: true, scenes, make: Box::new(make) }
}

/// Each picture without anybody, whole and its four quarters.
fn nobody<'a>(photos: &'a Photos, draw: Draw, name: &'static str, is_usable: bool, change: Change) -> Condition<'a> {
    let make = move |index: usize| {
        let index = draw.model(index);
        let mut random = draw.random(2_000_000 + index);
        let whole = room(photos, index / 5);
        let whole = if draw == Draw::HeldOut { turned(&whole, &mut random) } else { whole };
        let mut canvas = match index % 5 {
            0 => whole,
            quarter => {
                let (left, top) = ((quarter - 1) % 2 * WIDTH / 2, (quarter - 1) / 2 * HEIGHT / 2);
                let color = |at: usize| whole.pixels[(top + at / WIDTH / 2) * WIDTH + left + at % WIDTH / 2];
                Canvas { width: WIDTH, height: HEIGHT, pixels: (0..WIDTH * HEIGHT).map(color).collect() }
            }
        };
        change(&mut canvas, &mut random);
        (canvas, Truth::FacesOrUnclear(0))
    };
    Condition { name, is_usable, scenes: draw.scenes(photos.nobody.len() * 5), make: Box::new(make) }
}

/// A lid, a hand, a wall: one colour, with a camera's noise.
fn covered(draw: Draw) -> Condition<'static> {
    let make = move |index: usize| {
        let mut canvas = Canvas::plain(WIDTH, HEIGHT, COVERS[draw.model(index)]);
        canvas.noise(4.0, &mut draw.random(3_000_000 + index));
        (canvas, Truth::Unclear)
    };
    Condition { name: "covered", is_usable: true, scenes: draw.scenes(COVERS.len()), make: Box::new(make) }
}

/// Another view of an empty room: as in a mirror, and from a little nearer. There are no other rooms.
fn turned(room: &Canvas, random: &mut Random) -> Canvas {
    let zoom = between(random, 0.7, 0.9);
    let (left, top) = (between(random, 0.0, 1.0 - zoom), between(random, 0.0, 1.0 - zoom));
    let color = |at: usize| {
        let across = 1.0 - (at % WIDTH) as f32 / WIDTH as f32;
        let down = (at / WIDTH) as f32 / HEIGHT as f32;
        room.between((left + across * zoom) * WIDTH as f32, (top + down * zoom) * HEIGHT as f32)
    };
    Canvas { width: WIDTH, height: HEIGHT, pixels: (0..WIDTH * HEIGHT).map(color).collect() }
}

fn room(photos: &Photos, number: usize) -> Canvas {
    photos.nobody[number % photos.nobody.len()].filling(WIDTH, HEIGHT)
}

pub fn seated(random: &mut Random) -> Placement {
    Placement {
        x: between(random, 0.35, 0.65),
        y: between(random, 0.42, 0.55),
        size: between(random, 0.3, 0.5),
        angle: between(random, -0.1, 0.1),
        is_mirrored: random.between(0.0..1.0) < 0.5,
        light: 1.0,
    }
}

fn quarter_out(random: &mut Random) -> Placement {
    // A face is about as wide as high; a quarter of it lies beyond the side.
    let place = seated(random);
    let inside = place.size * 0.25 * HEIGHT as f32 / WIDTH as f32;
    Placement { x: if place.is_mirrored { inside } else { 1.0 - inside }, ..place }
}

fn half_out(random: &mut Random) -> Placement {
    let place = seated(random);
    Placement { x: if place.is_mirrored { 0.0 } else { 1.0 }, ..place }
}

fn noise(canvas: &mut Canvas, random: &mut Random) {
    canvas.noise(3.0, random);
}

fn exposed(canvas: &mut Canvas, random: &mut Random, light: f32, noise: f32) {
    canvas.light([light; 3]);
    canvas.noise(noise, random);
}

fn tinted(canvas: &mut Canvas, random: &mut Random, light: [f32; 3]) {
    canvas.light(light);
    canvas.noise(3.0, random);
}

fn blurred(canvas: &mut Canvas, random: &mut Random, radius: usize) {
    canvas.blur(radius);
    canvas.noise(2.0, random);
}

fn grey(canvas: &mut Canvas, random: &mut Random) {
    for pixel in &mut canvas.pixels {
        *pixel = [0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]; 3];
    }
    canvas.noise(3.0, random);
}

fn between(random: &mut Random, from: f32, to: f32) -> f32 {
    random.between(f64::from(from)..f64::from(to)) as f32
}
