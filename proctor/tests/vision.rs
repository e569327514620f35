//! What is seen of photographs. The models and the photographs have to be there: `cargo xtask models` brings them.
#![cfg(feature = "identity")]
#![expect(clippy::unwrap_used, reason = "clippy knows test functions, not the helpers they share")]

use std::path::PathBuf;
use std::sync::LazyLock;

use proctor::observation::{Look, Unclear};
use proctor::vision::{Embedder, Eye, Face, Likeness, Picture, Seen, VisionError};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 360;

fn model(name: &str) -> Vec<u8> {
    let dir = std::env::var_os("TEST_MODELS_DIR").map_or_else(
        || {
            let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
            target.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target"))).join("models")
        },
        PathBuf::from,
    );
    let file = dir.join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask models`", file.display()))
}

fn eye() -> Eye {
    Eye::new(model("blazeface.onnx"), model("facemesh.onnx")).unwrap()
}

/// Four people, side by side.
static GROUP: LazyLock<Picture> = LazyLock::new(|| Picture::from_jpeg(&group()).unwrap());

fn group() -> Vec<u8> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../node_modules/@vladmandic/face-api/demo/sample6.jpg");
    std::fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}; run `cargo xtask models`"))
}

/// Left edges of two people in the group who look at the camera, each with 400×400 pixels around, and the upper edge.
const RIGHTMOST: (u32, u32) = (1390, 225);
const LEFTMOST: (u32, u32) = (150, 450);

/// A grey room with fine stripes, so that something is drawn.
fn room() -> Picture {
    let pixel = |at: u32| {
        let (x, y) = (at % WIDTH, at / WIDTH);
        let value = 90 + (x / 40 % 2 * 30 + y / 60 % 2 * 20) as u8;
        [value, value, value + 5, 255]
    };
    Picture { width: WIDTH, height: HEIGHT, data: (0..WIDTH * HEIGHT).flat_map(pixel).collect() }
}

/// Puts a person into a picture, half as large, the left upper corner at `left` and `top`.
fn put(picture: &mut Picture, person: (u32, u32), left: u32, top: u32) {
    for y in 0..200_u32.min(HEIGHT - top) {
        for x in 0..200_u32.min(WIDTH.saturating_sub(left)) {
            let from = (((person.1 + 2 * y) * GROUP.width + person.0 + 2 * x) * 4) as usize;
            let to = (((top + y) * WIDTH + left + x) * 4) as usize;
            picture.data[to..to + 4].copy_from_slice(&GROUP.data[from..from + 4]);
        }
    }
}

fn with_one() -> Picture {
    let mut picture = room();
    put(&mut picture, RIGHTMOST, 220, 80);
    picture
}

fn changed(mut picture: Picture, change: impl Fn(u8) -> u8) -> Picture {
    picture.data.iter_mut().for_each(|value| *value = change(*value));
    picture
}

fn mirrored(picture: &Picture) -> Picture {
    let mut data = Vec::with_capacity(picture.data.len());
    for row in picture.data.chunks_exact(picture.width as usize * 4) {
        data.extend(row.rchunks_exact(4).flatten());
    }
    Picture { data, ..*picture }
}

/// The same picture with what a camera's noise makes of it.
fn noisy(picture: &Picture, number: u32) -> Picture {
    let mut state = number.wrapping_mul(0x9e37_79b9) | 1;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state % 5) as u8
    };
    Picture {
        data: picture.data.iter().map(|value| value.saturating_add(noise()).saturating_sub(2)).collect(),
        ..*picture
    }
}

fn examined(picture: &Picture) -> Seen {
    eye().examine(picture.frame().unwrap()).unwrap()
}

fn faces(look: Look) -> u8 {
    match look {
        Look::Clear { faces, .. } => faces,
        Look::CannotTell(why) => panic!("{why:?}"),
    }
}

#[test]
fn one_two_and_no_faces_are_counted() {
    let one = examined(&with_one());
    assert_eq!(faces(one.look), 1);
    let bounds = one.faces[0].bounds;
    assert!((270.0..370.0).contains(&bounds.center().x) && (100.0..250.0).contains(&bounds.center().y), "{bounds:?}");
    let mut two = with_one();
    put(&mut two, LEFTMOST, 20, 60);
    assert_eq!(faces(examined(&two).look), 2);
    assert_eq!(examined(&room()).look, Look::Clear { faces: 0, head: None });
}

#[test]
fn a_face_that_a_side_cuts_in_half_counts() {
    let mut right = room();
    // The middle of her face lies at the side.
    put(&mut right, RIGHTMOST, WIDTH - 85, 80);
    for picture in [&right, &mirrored(&right)] {
        let seen = examined(picture);
        assert!(matches!(seen.look, Look::Clear { faces: 1, head: None }), "{:?}", seen.look);
        let mut eye = eye();
        let looks: Vec<_> = (0..4).map(|number| eye.look(noisy(picture, number).frame().unwrap()).unwrap()).collect();
        // One side at a time.
        assert_eq!(looks[1..].iter().map(|seen| faces(seen.look)).collect::<Vec<_>>(), [1; 3]);
    }
}

#[test]
fn a_group_is_counted_and_one_of_the_largest_faces_comes_first() {
    let seen = examined(&GROUP);
    assert_eq!(faces(seen.look), 4);
    let areas: Vec<f32> = seen.faces.iter().map(|face| face.bounds.area()).collect();
    assert!(areas[1..].iter().all(|area| *area <= areas[0] * 1.5), "{areas:?}");
}

#[test]
fn somebody_in_the_dark_is_found_and_a_dark_room_is_not_called_empty() {
    let dim = changed(with_one(), |value| value / 6);
    assert_eq!(faces(examined(&dim).look), 1);
    let dark = changed(room(), |value| value / 10);
    assert!(matches!(examined(&dark).look, Look::CannotTell(Unclear::TooDark | Unclear::Covered)));
}

#[test]
fn who_is_followed_in_the_dark_counts_as_long_as_a_look_afresh_can_tell() {
    let (mut eye, mut afresh) = (eye(), eye());
    let dimmed = |picture: &Picture, share: u8| changed(picture.clone(), |value| value / share);
    let looks = |eye: &mut Eye, picture: &Picture| {
        (0..8).map(|number| eye.look(noisy(picture, number).frame().unwrap()).unwrap().look).collect::<Vec<_>>()
    };
    let mut check = |picture: &Picture| afresh.check(noisy(picture, 9).frame().unwrap()).unwrap().look;
    let one = |looks: &[Look]| looks.iter().all(|look| matches!(look, Look::Clear { faces: 1, .. }));
    let too_dark = Look::CannotTell(Unclear::TooDark);

    // The light goes down until nobody who looks for the first time finds who is followed.
    let dark = (1..80).step_by(4).map(|share| dimmed(&with_one(), share)).find(|picture| {
        let looks = looks(&mut eye, picture);
        assert!(one(&looks), "{looks:?}");
        matches!(check(picture), Look::CannotTell(Unclear::TooDark | Unclear::Covered))
    });
    let dark = dark.unwrap();
    eye.heed(check(&dark));
    assert_eq!(looks(&mut eye, &dark), [too_dark; 8]);
    assert_eq!(looks(&mut eye, &dimmed(&with_one(), 6)), [too_dark; 8], "it is hardly better");
    let mut two = with_one();
    put(&mut two, LEFTMOST, 20, 60);
    let found = (0..2).flat_map(|_| looks(&mut eye, &dimmed(&two, 6))).any(|look| look != too_dark && faces(look) == 2);
    assert!(found, "whoever else is found is there");

    assert!(one(&looks(&mut eye, &with_one())), "in the light nothing is in doubt");
    assert_eq!(looks(&mut eye, &dark), [too_dark; 8], "and in the dark it is as before");
    eye.heed(Look::CannotTell(Unclear::Doubtful));
    assert_eq!(looks(&mut eye, &dark), [too_dark; 8], "that is none of the light's doing");
    eye.heed(check(&with_one()));
    assert!(one(&looks(&mut eye, &dark)));
}

#[test]
fn one_plain_surface_covers_the_lens() {
    for color in [0, 40, 200] {
        let cover = noisy(&changed(room(), |_| color), 1);
        assert_eq!(examined(&cover).look, Look::CannotTell(Unclear::Covered), "{color}");
    }
}

#[test]
fn a_picture_that_never_changes_is_frozen_and_noise_proves_life() {
    let mut eye = eye();
    let still = with_one();
    let looks: Vec<Look> = (0..12).map(|_| eye.look(still.frame().unwrap()).unwrap().look).collect();
    assert_eq!(faces(looks[9]), 1);
    assert_eq!(looks[10], Look::CannotTell(Unclear::Frozen));
    for number in 0..12 {
        assert_eq!(faces(eye.look(noisy(&still, number).frame().unwrap()).unwrap().look), 1);
    }
}

#[test]
fn a_known_face_is_followed_and_a_second_one_is_found_within_a_few_frames() {
    let mut eye = eye();
    let mut searches = 0;
    for step in 0..8 {
        let mut picture = room();
        put(&mut picture, RIGHTMOST, 200 + step * 8, 80);
        let seen = eye.look(picture.frame().unwrap()).unwrap();
        assert_eq!(faces(seen.look), 1);
        searches += u32::from(seen.searched);
    }
    assert!(searches <= 3, "{searches} searches");
    let mut two = with_one();
    put(&mut two, LEFTMOST, 20, 60);
    let found = (0..9).any(|number| faces(eye.look(noisy(&two, number).frame().unwrap()).unwrap().look) == 2);
    assert!(found);
    let gone = eye.look(noisy(&room(), 9).frame().unwrap()).unwrap();
    assert_eq!(faces(gone.look), 0);
}

#[test]
fn a_face_that_turns_to_the_right_of_the_picture_turns_to_its_left() {
    // Of the group, the second from the right looks to her right, the picture's left.
    let turned = |picture: &Picture| examined(picture).pose.unwrap().yaw;
    let mut picture = room();
    put(&mut picture, (570, 280), 220, 80);
    let (seen, mirrored) = (turned(&picture), turned(&mirrored(&picture)));
    assert!(seen < -8.0 && mirrored > 8.0, "{seen}, {mirrored}");
    assert!((seen + mirrored).abs() < 6.0, "{seen}, {mirrored}");
}

#[test]
fn faces_are_told_apart_by_their_embeddings() {
    let embedder = Embedder::new(model("faceres.onnx")).unwrap();
    let embed = |picture: &Picture, face: &Face| embedder.embed(picture.frame().unwrap(), face).unwrap();
    let first = with_one();
    let darker = changed(with_one(), |value| value / 2);
    let mut other = room();
    put(&mut other, LEFTMOST, 220, 80);
    let [first, darker, other] = [first, darker, other].map(|picture| embed(&picture, &examined(&picture).faces[0]));
    assert_eq!(first.likeness(&darker), Likeness::Same);
    assert_ne!(first.likeness(&other), Likeness::Same);
    assert!(first.cosine(&darker) > first.cosine(&other) + 0.1);
}

#[test]
fn what_is_no_jpeg_is_refused() {
    assert!(Picture::from_jpeg(b"\xff\xd8 not really").is_err());
    assert!(Picture::from_jpeg(&vec![0; 5 << 20]).is_err());
}

#[test]
fn what_has_more_pixels_than_are_asked_for_is_refused() {
    let pixels = GROUP.width * GROUP.height;
    assert!(Picture::from_small_jpeg(&group(), pixels).is_ok());
    let refused = Picture::from_small_jpeg(&group(), pixels - 1);
    assert!(matches!(&refused, Err(VisionError::BadJpeg(why)) if why.contains("pixels")), "{refused:?}");
}
