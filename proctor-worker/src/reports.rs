//! What the script tells and is told: numbers, names and bytes for the pure [`Reporter`].
//!
//! Each call answers what is to be done, in order, as arrays: a name and what belongs to it.

use js_sys::{Array, JsString, Uint8Array};
use proctor::observation::Look;
use proctor::policy::ViolationId;
use proctor::reporter::{self, Act, News, Pace, Picture, Reporter};
use proctor::signal::Signal;
use proctor::sound::Ear;
use proctor::wire::{NoFrame, Shown, WireError};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Reports of one page. Times are in milliseconds since the worker began.
#[wasm_bindgen]
pub struct Reports {
    reporter: Reporter,
    pace: Pace,
    ear: Ear,
    /// The violations whose pictures the script was asked for, by number.
    asked: Vec<ViolationId>,
}

#[wasm_bindgen]
impl Reports {
    /// For the session of this id. `journal`: what [`Reports`] of an earlier page asked to keep, if anything.
    #[wasm_bindgen(constructor)]
    pub fn new(session: &str, journal: Option<Vec<u8>>, now: f64) -> Reports {
        Reports {
            reporter: Reporter::new(session, journal.as_deref(), now as u64),
            pace: Pace::default(),
            ear: Ear::default(),
            asked: Vec::new(),
        }
    }

    pub fn connected(&mut self) -> Array {
        let acts = self.reporter.connected();
        self.told(acts)
    }

    pub fn lost(&mut self, now: f64) -> Array {
        let acts = self.reporter.lost(now as u64);
        self.told(acts)
    }

    /// A message of the server. Undefined: the page is older or newer than the server.
    ///
    /// # Errors
    /// When it is none.
    pub fn receive(&mut self, now: f64, message: &[u8]) -> Result<Option<Array>, JsError> {
        match self.reporter.receive(now as u64, message) {
            Ok(acts) => Ok(Some(self.told(acts))),
            Err(WireError::Version(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub fn advance(&mut self, now: f64) -> Array {
        let acts = self.reporter.advance(now as u64);
        self.told(acts)
    }

    /// A signal by its name, with its numbers.
    ///
    /// # Errors
    /// For a name that is none.
    pub fn signal(&mut self, now: f64, name: &str, numbers: &[u32]) -> Result<Array, JsError> {
        let acts = self.reporter.signal(now as u64, reporter::signal(name, numbers)?);
        Ok(self.told(acts))
    }

    /// What [`Watch`](crate::Watch) saw at `now`, as it said it, and the milliseconds that it took.
    ///
    /// # Errors
    /// For anything else.
    pub fn look(&mut self, now: f64, sight: &str, took: f64) -> Result<Array, JsError> {
        let look = look(sight)?;
        let news = self.pace.looked(took);
        // That looks come is said before the first one, and that they end after the last one.
        let (before, after) = match news {
            Some(News::Every { .. }) => (news, None),
            _ => (None, news),
        };
        let told = self.news(now, before);
        let acts = self.reporter.look(now as u64, look);
        Ok(told.concat(&self.told(acts)).concat(&self.news(now, after)))
    }

    /// What [`Watch`](crate::Watch) saw in a picture that the server asked for, as it said it. It is no measure of looks: it takes longer.
    ///
    /// # Errors
    /// For anything else.
    pub fn checked(&mut self, now: f64, sight: &str) -> Result<Array, JsError> {
        let acts = self.reporter.look(now as u64, look(sight)?);
        Ok(self.told(acts))
    }

    /// A look failed.
    #[wasm_bindgen(js_name = lookFailed)]
    pub fn look_failed(&mut self, now: f64) -> Array {
        let news = self.pace.failed();
        self.news(now, news)
    }

    /// What looks cannot be made.
    #[wasm_bindgen(js_name = cannotLook)]
    pub fn cannot_look(&mut self, now: f64) -> Array {
        let news = self.pace.give_up();
        self.news(now, Some(news))
    }

    /// Milliseconds until the next picture.
    #[wasm_bindgen(getter)]
    pub fn every(&self) -> u32 {
        self.pace.every_ms()
    }

    /// Whether nothing looks, as was said.
    #[wasm_bindgen(getter)]
    pub fn blind(&self) -> bool {
        self.pace.is_blind()
    }

    /// A window of the microphone's sound, `rate` samples a second.
    pub fn hear(&mut self, now: f64, samples: &[f32], rate: f32) -> Array {
        let Some(sound) = self.ear.hear(now as u64, samples, rate) else { return Array::new() };
        let acts = self.reporter.signal(now as u64, Signal::Sound(sound));
        self.told(acts)
    }

    /// The picture of a spot check, taken `at`, and what was seen in it, if anything looks.
    ///
    /// # Errors
    /// For a sight that is none.
    pub fn spot(&mut self, nonce: u64, at: f64, sight: Option<String>, jpeg: Vec<u8>) -> Result<Array, JsError> {
        let claim = sight.as_deref().map(look).transpose()?;
        let acts = self.reporter.spot(nonce, at as u64, claim, jpeg);
        Ok(self.told(acts))
    }

    /// There is no picture for a spot check: the camera is `"off"`, the page `"hidden"`, or anything else.
    pub fn refuse(&mut self, nonce: u64, why: &str) -> Array {
        let why = match why {
            "off" => NoFrame::CameraOff,
            "hidden" => NoFrame::PageHidden,
            _ => NoFrame::NotReady,
        };
        let acts = self.reporter.refuse(nonce, why);
        self.told(acts)
    }

    /// The pictures that were asked for under this number, with their times.
    pub fn collected(&mut self, number: usize, at: Vec<f64>, jpegs: Vec<Uint8Array>) -> Array {
        let Some(violation) = self.asked.get(number).copied() else { return Array::new() };
        let picture = |(at, jpeg): (f64, Uint8Array)| Picture { at: at as u64, jpeg: jpeg.to_vec() };
        let acts = self.reporter.collected(violation, at.into_iter().zip(jpegs).map(picture).collect());
        self.told(acts)
    }

    /// The candidate's face.
    pub fn reference(&mut self, jpeg: Vec<u8>) -> Array {
        let acts = self.reporter.reference(jpeg);
        self.told(acts)
    }

    /// The server has the candidate's face.
    #[wasm_bindgen(js_name = referenceTaken)]
    pub fn reference_taken(&mut self) {
        self.reporter.reference_taken();
    }

    /// Says how looking goes. `"blind"` comes with the milliseconds after which it is to be tried afresh.
    fn news(&mut self, now: f64, news: Option<News>) -> Array {
        match news {
            None => Array::new(),
            Some(News::Every { ms }) => {
                let acts = self.reporter.signal(now as u64, Signal::LooksEvery { ms });
                self.told(acts)
            }
            Some(News::Blind { again_ms }) => {
                let acts = self.reporter.signal(now as u64, Signal::NoVision);
                let told = self.told(acts);
                told.push(&Array::of2(&"blind".into(), &again_ms.into()));
                told
            }
        }
    }

    fn told(&mut self, acts: Vec<Act>) -> Array {
        acts.into_iter().map(|act| JsValue::from(self.act(act))).collect()
    }

    fn act(&mut self, act: Act) -> Array {
        let bytes = |bytes: Vec<u8>| JsValue::from(Uint8Array::from(bytes.as_slice()));
        let (name, more) = match act {
            Act::Keep(journal) => ("keep", vec![bytes(journal)]),
            Act::Send(message) => ("send", vec![bytes(message)]),
            Act::Warn(kinds) => ("warn", kinds.iter().map(|kind| kind.name().into()).collect()),
            Act::Verdict(shown) => ("verdict", shown.iter().map(|Shown { kind, .. }| kind.name().into()).collect()),
            Act::Capture => ("capture", vec![]),
            Act::Forget => ("forget", vec![]),
            Act::Spot { nonce } => ("spot", vec![nonce.into()]),
            Act::Collect { violation, at } => {
                self.asked.push(violation);
                let number = JsValue::from(self.asked.len() - 1);
                ("collect", std::iter::once(number).chain(at.into_iter().map(|at| (at as f64).into())).collect())
            }
        };
        std::iter::once(JsValue::from(JsString::from(name))).chain(more).collect()
    }
}

fn look(sight: &str) -> Result<Look, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Sight {
        look: Look,
    }
    Ok(serde_json::from_str::<Sight>(sight)?.look)
}
