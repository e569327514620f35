//! Looks at pictures of candidates with the same eyes as their browsers: on threads of its own, as many as `start.rs` says.
//!
//! What comes while too many wait is not looked at. So a server under load makes fewer checks, and no interview waits for them.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Mutex,
    thread,
};

use anyhow::{Context, Result};
use app::ports::{Examine, Examined, Unexamined};
use async_trait::async_trait;
use proctor::{
    observation::Look,
    vision::{Embedder, Embedding, Eye, Likeness, Picture, VisionError},
    wire::MAX_PIXELS,
};
use tokio::sync::{mpsc, oneshot};

/// Pictures that may wait to be looked at.
const QUEUE: usize = 16;

/// Sides of the thumbnail by which pictures are told apart, in pixels.
const PRINT: (usize, usize) = (48, 36);

/// Two prints that differ by less on average, of 256 steps of brightness, are of one picture: another compression of it differs
/// by less than half a step, and somebody who breathes by more than one.
const SAME_PICTURE: f32 = 0.5;

struct Task {
    jpeg: Vec<u8>,
    with_face: bool,
    tell: oneshot::Sender<Result<Examined, Unexamined>>,
}

/// The server's eyes.
pub struct Examiner {
    queue: mpsc::Sender<Task>,
}

impl Examiner {
    /// Reads the models in `dir` and starts to look on `threads` threads. `None`: there are no models.
    ///
    /// # Errors
    /// Models that cannot be read.
    pub fn start(dir: &Path, threads: usize) -> Result<Option<Self>> {
        if !dir.join("blazeface.onnx").is_file() {
            return Ok(None);
        }
        let model = |name: &str| {
            let path = dir.join(format!("{name}.onnx"));
            fs::read(&path).with_context(|| format!("reading {}", path.display()))
        };
        let (queue, waiting) = mpsc::channel(QUEUE);
        let waiting = std::sync::Arc::new(Mutex::new(waiting));
        for number in 0..threads.max(1) {
            let mut eye = Eye::new(model("blazeface")?, model("facemesh")?).context("the models that see faces")?;
            eye.set_threads(1);
            let embedder = Embedder::new(model("faceres")?).context("the model that compares faces")?;
            let waiting = waiting.clone();
            let look = move |jpeg: &[u8], with_face| examine(&mut eye, &embedder, jpeg, with_face);
            thread::Builder::new().name(format!("examiner-{number}")).spawn(move || work(look, &waiting))?;
        }
        Ok(Some(Self { queue }))
    }
}

/// Looks at one picture after the other. Where the network panics, or a model fails, nothing was looked at: each look begins
/// anew, so nothing is left of it. Only bytes that are no picture are held against who sent them.
fn work(mut look: impl FnMut(&[u8], bool) -> Result<Examined, VisionError>, waiting: &Mutex<mpsc::Receiver<Task>>) {
    loop {
        let task = match waiting.lock() {
            Ok(mut waiting) => waiting.blocking_recv(),
            Err(_) => return,
        };
        let Some(Task { jpeg, with_face, tell }) = task else { return };
        let examined = match catch_unwind(AssertUnwindSafe(|| look(&jpeg, with_face))) {
            Ok(examined) => examined.map_err(|error| unexamined(&error)),
            Err(_) => {
                tracing::error!(bytes = jpeg.len(), "examining a picture panicked");
                Err(Unexamined::Failed)
            }
        };
        // Whoever asked may be gone.
        let _ = tell.send(examined);
    }
}

/// Whose fault it is that a picture was not examined.
fn unexamined(error: &VisionError) -> Unexamined {
    match error {
        VisionError::BadJpeg(_) | VisionError::BadFrame { .. } => {
            tracing::debug!(%error, "a picture could not be read");
            Unexamined::NoPicture
        }
        VisionError::BadModel(_) | VisionError::Failed(_) => {
            tracing::error!(%error, "a picture could not be examined");
            Unexamined::Failed
        }
    }
}

fn examine(eye: &mut Eye, embedder: &Embedder, jpeg: &[u8], with_face: bool) -> Result<Examined, VisionError> {
    let picture = read(jpeg)?;
    let frame = picture.frame()?;
    let seen = eye.check(frame)?;
    let alone = matches!(seen.look, Look::Clear { faces: 1, .. });
    let face = match seen.faces.first().filter(|_| with_face && alone) {
        Some(face) => Some(embedder.embed(frame, face)?.into()),
        None => None,
    };
    Ok(Examined { look: seen.look, print: print(&picture), face })
}

/// Of more than pages send nothing is decoded: that would take the time of all interviews.
fn read(jpeg: &[u8]) -> Result<Picture, VisionError> {
    or_none(|| Picture::from_small_jpeg(jpeg, MAX_PIXELS))
}

/// Bytes on which the decoder panics are made for that: what browsers write is none of them.
fn or_none(decode: impl FnOnce() -> Result<Picture, VisionError>) -> Result<Picture, VisionError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(VisionError::BadJpeg("the decoder panicked".into())))
}

/// The average brightness (green, which makes most of it) of each cell of a grid laid over the picture.
fn print(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (columns, rows) = PRINT;
    let span = |cell: usize, cells: usize, pixels: usize| {
        let begin = cell * pixels / cells;
        begin..((cell + 1) * pixels / cells).max(begin + 1).min(pixels)
    };
    let average = |row: usize, column: usize| {
        let (mut sum, mut count) = (0, 0);
        for y in span(row, rows, height) {
            for x in span(column, columns, width) {
                sum += usize::from(picture.data[(y * width + x) * 4 + 1]);
                count += 1;
            }
        }
        sum.checked_div(count).unwrap_or(0) as u8
    };
    (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .map(|(row, column)| average(row, column))
        .collect()
}

#[async_trait]
impl Examine for Examiner {
    async fn examine(&self, jpeg: &[u8], with_face: bool) -> Result<Examined, Unexamined> {
        let (tell, told) = oneshot::channel();
        let task = Task { jpeg: jpeg.to_vec(), with_face, tell };
        self.queue.try_send(task).map_err(|_| Unexamined::Busy)?;
        told.await.map_err(|_| Unexamined::Busy)?
    }

    fn same_picture(&self, one: &[u8], other: &[u8]) -> bool {
        if one.is_empty() || one.len() != other.len() {
            return false;
        }
        let difference: u32 = one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        (difference as f32 / one.len() as f32) < SAME_PICTURE
    }

    fn same_person(&self, one: &[f32], other: &[f32]) -> Option<bool> {
        let [one, other] = [one, other].map(|numbers| Embedding::from(numbers.to_vec()));
        match one.likeness(&other) {
            Likeness::Same => Some(true),
            Likeness::Other => Some(false),
            Likeness::CannotTell => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn of_what_is_larger_than_pages_send_the_header_alone_is_read() {
        let frame = [0xff, 0xc0, 0, 11, 8, 0x10, 0, 0x10, 0, 1, 1, 0x11, 0];
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
        let read = read(&[&[0xff, 0xd8][..], &frame, &scan, &[0xff, 0xd9]].concat());
        assert!(matches!(&read, Err(VisionError::BadJpeg(why)) if why.contains("4096×4096")), "{read:?}");
    }

    #[test]
    fn a_picture_on_which_the_decoder_panics_is_none() {
        let read = or_none(|| panic!("index out of bounds"));
        assert_eq!(read.map_err(|error| unexamined(&error)).err(), Some(Unexamined::NoPicture));
    }

    #[tokio::test]
    async fn what_fails_here_is_no_fault_of_the_picture_and_not_the_last_one() {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        let look = |jpeg: &[u8], _| match jpeg {
            b"panics" => panic!("told to panic"),
            b"fails" => Err(VisionError::Failed("out of memory".into())),
            b"unusable" => Err(VisionError::BadModel("too few outputs".into())),
            b"no picture" => Err(VisionError::BadJpeg("it is text".into())),
            b"no size" => Err(VisionError::BadFrame { width: 0, height: 0, bytes: 0 }),
            _ => Ok(Examined { look: Look::Clear { faces: 1, head: None }, print: vec![], face: None }),
        };
        let worker = thread::spawn(move || work(look, &waiting));
        let examiner = Examiner { queue };
        for (picture, why) in [
            (&b"panics"[..], Unexamined::Failed),
            (b"fails", Unexamined::Failed),
            (b"unusable", Unexamined::Failed),
            (b"no picture", Unexamined::NoPicture),
            (b"no size", Unexamined::NoPicture),
        ] {
            assert_eq!(examiner.examine(picture, false).await, Err(why), "{picture:?}");
            assert!(examiner.examine(b"good", false).await.is_ok());
        }
        drop(examiner);
        worker.join().expect("it ends when nobody asks any more");
    }
}
