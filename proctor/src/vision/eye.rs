//! Looks at frame after frame, or at a single picture.

use std::sync::Arc;

use rten::ThreadPool;

use super::VisionError;
use super::detector::Detector;
use super::edge::Edge;
use super::face::{Bounds, Face};
use super::frame::{Frame, Part, Tone};
use super::mesh::{self, Mesh, Mesher};
use super::pose::Pose;
use super::quality::{Gauge, Quality};
use crate::observation::{Head, Look, Unclear};

/// What one frame shows.
#[derive(Clone, Debug)]
pub struct Seen {
    pub look: Look,
    /// The one that is followed first: the largest, unless it is not much larger than that.
    pub faces: Vec<Face>,
    /// Of the first face.
    pub pose: Option<Pose>,
    pub quality: Quality,
    /// Whether the picture was searched for faces, and not only the known one followed.
    pub searched: bool,
}

/// Sees faces. It remembers from frame to frame: a camera needs an eye of its own. Clones share the models.
#[derive(Clone)]
pub struct Eye {
    detector: Detector,
    mesher: Mesher,
    gauge: Gauge,
    /// The mesh over the largest face.
    tracked: Option<Mesh>,
    /// The other faces that the last search of each view found.
    others: [Vec<Face>; VIEWS],
    /// A face that a side of the picture cuts, where no other is seen; and the side to be looked at next.
    cut: Option<Face>,
    edge: Edge,
    /// The next view to be searched.
    view: usize,
    /// Frames since the last search.
    since_search: u32,
    /// Searches for which it still holds that something may be a face, though none was made out.
    doubt: u32,
    /// Frames in a row that were like the one before.
    same: u32,
    /// Why the last look afresh could not tell, where the picture is to blame for it.
    doubted: Option<Unclear>,
}

/// The whole picture, its left or upper part, the whole again, and its right or lower part. In the parts, which are squares,
/// faces are larger than in the whole.
const VIEWS: usize = 4;

/// While a face is followed, every so many frames one view is searched for others.
const SEARCH_EVERY: u32 = 4;

/// A face counts where the detector and the mesh, each scoring 0..=1, agree well enough: either may be unsure where the other is
/// not. Measured by `cargo xtask bench vision`: what only looks like a face to one of them does not to the other.
const AGREE: [(f32, f32); 2] = [(0.8, MESH), (MAYBE, 0.95)];
const MAYBE: f32 = 0.4;
/// The same where no face is seen and the mesh was laid a second time, over the place where the first had it, since the detector's
/// boxes lie badly over faces that are blurred, noisy or cut: the detector's score and both of the mesh.
const AGREE_AGAIN: (f32, f32, f32) = (0.69, MESH, 0.87);
/// Where the mesh scores less than that and no less than this, there may be a face.
const DOUBTFUL: f32 = 0.15;
/// From this score on, a mesh still lies over the face that is followed.
const MESH: f32 = 0.5;
/// In one search the mesh is laid over so many of the surest finds at most.
const LOOKED_AT: usize = 4;

/// So many times as large another face has to be for it to be followed instead.
const LARGER: f32 = 1.3;

/// A face is another one if less than this share of it lies in the first.
const APART: f32 = 0.5;

/// So many frames in a row that do not differ at all come from no camera.
const FROZEN: u32 = 10;

// The figures are of the scenes of `cargo xtask bench vision` with one person in them.

/// Below this contrast nothing is drawn. Usable scenes have 5 or more, those in a third of the light included.
const PLAIN: f32 = 4.0;
/// Pictures of less brightness than this are drawn with less contrast, down to a quarter.
const LIT: f32 = 64.0;
/// Average brightness, 0..=255, below which it is no news that no face is found: in a third of the light (11 to 56) 48 of 50 are
/// found, in a tenth (5 to 17) 29.
const DARK: f32 = 16.0;
/// The same above: with twice the light 48 of 50 are found, in pictures of up to 248. What is brighter on average is nearly white.
const BRIGHT: f32 = 240.0;
/// The same below this sharpness: scenes in focus have 21 or more, dark ones included.
const BLURRED: f32 = 4.0;
/// A picture is better than one in which a look afresh could not tell if it stays so many times as far from these limits.
const BETTER: f32 = 1.5;

impl Eye {
    /// Takes the models `blazeface` and `facemesh`, as ONNX.
    ///
    /// # Errors
    /// `BadModel`.
    pub fn new(blazeface: Vec<u8>, facemesh: Vec<u8>) -> Result<Self, VisionError> {
        Ok(Self {
            detector: Detector::read(blazeface)?,
            mesher: Mesher::read(facemesh)?,
            gauge: Gauge::default(),
            tracked: None,
            others: Default::default(),
            cut: None,
            edge: Edge::default(),
            view: 0,
            since_search: 0,
            doubt: 0,
            same: 0,
            doubted: None,
        })
    }

    /// Computes on so many threads instead of all of the machine's.
    pub fn set_threads(&mut self, threads: usize) {
        let pool = Arc::new(ThreadPool::with_num_threads(threads));
        self.detector.network().set_threads(Arc::clone(&pool));
        self.mesher.network().set_threads(pool);
    }

    /// Looks at the next frame of a camera. The largest face is followed; the whole picture is searched when it is lost, and
    /// otherwise often enough that another face is found within a few frames.
    ///
    /// # Errors
    /// `Failed` when a network cannot be run.
    pub fn look(&mut self, frame: Frame) -> Result<Seen, VisionError> {
        let quality = self.gauge.measure(&frame);
        self.same = if quality.is_same { self.same.saturating_add(1) } else { 0 };
        let tone = Tone::for_brightness(quality.brightness);
        self.follow(&frame, &tone)?;
        self.doubt = self.doubt.saturating_sub(1);
        self.since_search += 1;
        let searched = self.tracked.is_none() || self.since_search >= SEARCH_EVERY;
        if self.tracked.is_none() {
            // Whoever left may be seen by any of the views.
            self.others = Default::default();
            self.view = 0;
        }
        if searched {
            self.search(&frame, &tone)?;
        }
        self.cut = None;
        if self.is_empty() {
            self.search_edge(&frame, &tone)?;
        }
        Ok(self.seen(quality, searched))
    }

    /// Looks at a single picture, as if nothing was seen before; once where that shows just one face, else with all care.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub fn check(&mut self, frame: Frame) -> Result<Seen, VisionError> {
        let quality = self.begin(&frame);
        let tone = Tone::for_brightness(quality.brightness);
        self.search(&frame, &tone)?;
        if self.tracked.is_some() && self.others.iter().all(Vec::is_empty) {
            return Ok(self.seen(quality, true));
        }
        self.examine(frame)
    }

    /// Takes the word of [`Self::check`] on a picture of the same camera, by an eye of its own. A face that was found once is
    /// followed where nobody who looks afresh finds it. Where that could not tell for want of light, say, it does not count as
    /// long as pictures are no better, until a look afresh can tell again: whoever is shown such a picture sees nobody in it.
    pub fn heed(&mut self, afresh: Look) {
        match afresh {
            Look::Clear { .. } => self.doubted = None,
            // Neither is of the picture.
            Look::CannotTell(Unclear::Doubtful | Unclear::Frozen) => {}
            Look::CannotTell(why) => self.doubted = Some(why),
        }
    }

    /// Looks at a single picture with all care, as if nothing was seen before.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub fn examine(&mut self, frame: Frame) -> Result<Seen, VisionError> {
        let quality = self.begin(&frame);
        let tone = Tone::for_brightness(quality.brightness);
        for _ in 0..VIEWS {
            if self.view != 2 {
                self.search(&frame, &tone)?;
            } else {
                self.view += 1;
            }
        }
        for _ in 0..2 {
            if self.is_empty() {
                self.search_edge(&frame, &tone)?;
            }
        }
        Ok(self.seen(quality, true))
    }

    /// Forgets what was seen before.
    fn begin(&mut self, frame: &Frame) -> Quality {
        self.same = 0;
        self.tracked = None;
        self.others = Default::default();
        self.cut = None;
        self.view = 0;
        self.doubt = 0;
        self.gauge.measure(frame)
    }

    fn follow(&mut self, frame: &Frame, tone: &Tone) -> Result<(), VisionError> {
        if let Some(last) = self.tracked.take() {
            let mesh = self.mesher.lay(frame, last.face().square(mesh::MARGIN), tone)?;
            self.tracked = Some(mesh).filter(|mesh| mesh.score >= MESH);
        }
        Ok(())
    }

    /// Searches the next view for faces.
    fn search(&mut self, frame: &Frame, tone: &Tone) -> Result<(), VisionError> {
        let found = self.detector.find(frame, part(frame, self.view), tone, MAYBE)?;
        let found: Vec<Face> = found.into_iter().filter(|face| !self.is_tracked(face)).take(LOOKED_AT).collect();
        let mut others = Vec::new();
        for face in found {
            let Some(mesh) = self.confirm(frame, &face, tone)? else { continue };
            let area = |mesh: &Mesh| mesh.face().bounds.area();
            if self.tracked.as_ref().is_none_or(|tracked| area(tracked) * LARGER < area(&mesh)) {
                others.extend(self.tracked.replace(mesh).map(|mesh| mesh.face()));
            } else {
                others.push(face);
            }
        }
        self.others[self.view] = others;
        if self.view.is_multiple_of(2) {
            self.others[2 - self.view].clear();
        }
        self.view = (self.view + 1) % VIEWS;
        self.since_search = 0;
        Ok(())
    }

    /// Whether no face is seen.
    fn is_empty(&self) -> bool {
        self.tracked.is_none() && self.cut.is_none() && self.others.iter().all(Vec::is_empty)
    }

    /// Searches a side of the picture for a face that is cut by it, and the other side next time if there is none.
    fn search_edge(&mut self, frame: &Frame, tone: &Tone) -> Result<(), VisionError> {
        let mirrored = self.edge.mirrored(frame);
        let square = mirrored.frame();
        for face in self.detector.find(&square, Part::whole(&square), tone, MAYBE)?.into_iter().take(LOOKED_AT) {
            let Bounds { x, width, .. } = face.bounds;
            if !(x..x + width).contains(&mirrored.seam()) {
                continue;
            }
            if self.confirm(&square, &face, tone)?.is_some() {
                self.cut = Some(face.moved(|point| mirrored.to_frame(point)));
                return Ok(());
            }
        }
        self.edge = self.edge.other();
        Ok(())
    }

    /// The mesh over what the detector found, where both are sure enough together.
    fn confirm(&mut self, frame: &Frame, face: &Face, tone: &Tone) -> Result<Option<Mesh>, VisionError> {
        let mesh = self.mesher.lay(frame, face.square(mesh::MARGIN), tone)?;
        if AGREE.iter().any(|(found, laid)| face.score >= *found && mesh.score >= *laid) {
            return Ok(Some(mesh));
        }
        if !self.is_empty() {
            return Ok(None);
        }
        let again = self.mesher.lay(frame, mesh.face().square(mesh::MARGIN), tone)?;
        let (found, first, second) = AGREE_AGAIN;
        if face.score >= found && mesh.score >= first && again.score >= second {
            return Ok(Some(again));
        }
        if mesh.score.max(again.score) >= DOUBTFUL {
            self.doubt = VIEWS as u32;
        }
        Ok(None)
    }

    fn is_tracked(&self, face: &Face) -> bool {
        self.tracked.as_ref().is_some_and(|mesh| mesh.face().bounds.covered(&face.bounds) >= APART)
    }

    fn seen(&self, quality: Quality, searched: bool) -> Seen {
        let mut faces: Vec<Face> = self.tracked.iter().map(Mesh::face).collect();
        for face in self.others.iter().flatten().chain(&self.cut) {
            if faces.iter().all(|other| other.bounds.covered(&face.bounds) < APART) {
                faces.push(face.clone());
            }
        }
        let pose = self.tracked.as_ref().map(Pose::of);
        let look = self.judge(&quality, &faces, pose);
        Seen { look, faces, pose, quality, searched }
    }

    fn judge(&self, quality: &Quality, faces: &[Face], pose: Option<Pose>) -> Look {
        if self.same >= FROZEN {
            return Look::CannotTell(Unclear::Frozen);
        }
        // Where a face is found, the picture is good enough.
        if faces.is_empty() {
            if let Some(why) = unclear(quality, 1.0) {
                return Look::CannotTell(why);
            }
            if self.doubt > 0 {
                return Look::CannotTell(Unclear::Doubtful);
            }
        }
        if let Some(why) = self.doubted
            && self.tracked.is_some()
            && faces.len() == 1
            && unclear(quality, BETTER).is_some()
        {
            // Nothing covers a lens before which a face is followed.
            return Look::CannotTell(if quality.brightness < DARK * BETTER { Unclear::TooDark } else { why });
        }
        let whole = |degrees: f32| degrees.round().clamp(-90.0, 90.0) as i8;
        let head = pose.map(|pose| Head { yaw: whole(pose.yaw), pitch: whole(pose.pitch) });
        Look::Clear { faces: u8::try_from(faces.len()).unwrap_or(u8::MAX), head }
    }
}

/// Why it is no news that no face is found in a picture. `far`: so many times as far as usual it has to stay from the limits.
fn unclear(quality: &Quality, far: f32) -> Option<Unclear> {
    let plain = PLAIN * (quality.brightness / LIT).clamp(0.25, 1.0);
    let unclear = [
        (quality.contrast < plain * far, Unclear::Covered),
        (quality.brightness < DARK * far, Unclear::TooDark),
        (255.0 - quality.brightness < (255.0 - BRIGHT) * far, Unclear::TooBright),
        (quality.sharpness < BLURRED * far, Unclear::TooBlurred),
    ];
    unclear.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
}

/// The part of a frame that a view shows.
fn part(frame: &Frame, view: usize) -> Part {
    let whole = Part::whole(frame);
    let side = whole.width.min(whole.height);
    let square = Part { width: side, height: side, ..whole };
    match view {
        1 => square,
        3 => Part { x: whole.width - side, y: whole.height - side, ..square },
        _ => whole,
    }
}
