//! Sees and reports in a Web Worker, beside the page, so that it never holds up typing. `script/proctor.js` feeds it.

mod reports;

use proctor::observation::Look;
use proctor::vision::{Eye, Face, Frame, Picture, Seen};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, UnwrapThrowExt};

#[wasm_bindgen]
extern "C" {
    /// The browser's clock, in milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// What is watched in one camera's pictures.
#[wasm_bindgen]
pub struct Watch {
    /// Follows the camera.
    eye: Eye,
    /// Looks at single pictures, so that the other forgets nothing.
    afresh: Eye,
}

/// What one frame shows, as JSON.
#[derive(Serialize)]
struct Sight {
    look: Look,
    /// For guidance on the screen, the largest first.
    faces: Vec<FaceBox>,
    /// Average brightness, 0..=255.
    brightness: u8,
    /// Whether the picture was searched for faces, and not only the known one followed.
    searched: bool,
    /// How long it took, in milliseconds.
    ms: f64,
}

/// A face's box, as shares of the picture's sides.
#[derive(Serialize)]
struct FaceBox {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    score: f32,
}

#[wasm_bindgen]
impl Watch {
    /// Takes the two models, as ONNX.
    ///
    /// # Errors
    /// Bytes that are no such models.
    #[wasm_bindgen(constructor)]
    pub fn new(blazeface: Vec<u8>, facemesh: Vec<u8>) -> Result<Watch, JsError> {
        let eye = Eye::new(blazeface, facemesh)?;
        Ok(Self { afresh: eye.clone(), eye })
    }

    /// Looks at the camera's next picture, four bytes for each pixel.
    ///
    /// # Errors
    /// Bytes that do not fit the size.
    pub fn look(&mut self, rgba: &[u8], width: u32, height: u32) -> Result<String, JsError> {
        let start = now();
        let seen = self.eye.look(Frame::new(width, height, rgba)?)?;
        Ok(Sight::of(&seen, (width, height), start).json())
    }

    /// Looks at a JPEG for the server as the server does, which says the same of it. The next looks heed that.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn check(&mut self, jpeg: &[u8]) -> Result<String, JsError> {
        let start = now();
        let picture = Picture::from_jpeg(jpeg)?;
        let seen = self.afresh.check(picture.frame()?)?;
        self.eye.heed(seen.look);
        Ok(Sight::of(&seen, (picture.width, picture.height), start).json())
    }
}

impl Sight {
    /// In a picture of this size, which was looked at from `start` until now.
    fn of(seen: &Seen, (width, height): (u32, u32), start: f64) -> Self {
        Self {
            look: seen.look,
            faces: seen.faces.iter().map(|face| FaceBox::of(face, width, height)).collect(),
            brightness: seen.quality.brightness.round() as u8,
            searched: seen.searched,
            ms: now() - start,
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect_throw("numbers and names always make JSON")
    }
}

impl FaceBox {
    fn of(face: &Face, width: u32, height: u32) -> Self {
        let (width, height) = (width as f32, height as f32);
        let bounds = face.bounds;
        Self {
            x: bounds.x / width,
            y: bounds.y / height,
            width: bounds.width / width,
            height: bounds.height / height,
            score: face.score,
        }
    }
}
