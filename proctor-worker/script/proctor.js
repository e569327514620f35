// The Web Worker of a proctored interview: looks at the camera's picture, writes the log, and keeps what may be asked for.
//
// The page says (objects with one of these as `type`):
//   start {session, reference}     first of all; `reference`: whether the server has the candidate's face
//   signal {name, numbers}         something was noticed, by the names of proctor::reporter::signal
//   sound {samples, rate}          a short window of the microphone's sound
//   connected, lost, bytes {bytes} the channel to the server stands, is lost, brought a message
//   frame {bitmap} or {why}        the camera's picture, which was asked for, or why there is none: off, hidden, starting
//   referenced                     the server has the candidate's face
//   end                            the interview is over; {gone}: and nobody knows of it any more
// It is told:
//   here                           the script runs; before all else
//   frame                          a picture is wanted
//   send {bytes}                   to be sent to the server
//   sees {word}                    how the candidate is seen, by guidance.js; why there is no picture; "blind" while nothing looks;
//                                  "broken" while nothing works at all; "outdated" where the server is of another build
//   warn {kinds}, verdict {kinds}  what the candidate is to be told of, and what the server makes of it, by kinds' names
//   done                           after the end: nothing is left to do
import init, { Reports, Watch } from "worker-build/proctor_worker.js";
import module from "worker-build/proctor_worker_bg.wasm";
import blazeface from "vision-models/blazeface.onnx";
import facemesh from "vision-models/facemesh.onnx";
import { guide } from "./guidance.js";
import * as journal from "./journal.js";
import { Pictures, encode, pixels } from "./pictures.js";

/** Milliseconds until the next picture where there was none. */
const MISSED_MS = 1_000;

/** Milliseconds between two steps of what goes on without looks. */
const STEP_MS = 500;

/** Windows of sound are passed over while so much waits for its turn. */
const MANY = 20;

/** Milliseconds after which a picture that was asked for is asked for again. */
const PATIENCE_MS = 5_000;

/** Milliseconds after the end for which the server is waited for to have everything. */
const REST_MS = 60_000;

/** Milliseconds until the candidate's face is taken again when the server refused the one before. */
const AGAIN_MS = 4_000;

/** Pauses before what this script cannot do without is loaded again: twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** The candidate's face is taken when it was seen well so often in a row, or could not be looked at so often: the server will. */
const STEADY = { good: 3, blind: 10 };

const now = () => performance.now();
const say = (type, more, transfer) => self.postMessage({ type, ...more }, { transfer });

let session;
let reports;
/** How much waits for its turn, and whether the next step is a part of it. */
let waiting = 0;
let stepping = false;
/** The one that looks; undefined while nothing can. */
let watch;
/** Whether the server is of another build, which hears nothing that is said. */
let outdated = false;
/** When a picture was asked for; 0: none is on its way. */
let asked = 0;
let timer;
let stopped = false;
/** How the candidate is seen, and how often in a row. */
let seen;
let steady = 0;
let referenced = false;
let capturing = false;
/** Spot checks that wait for a picture. */
const spots = [];
const pictures = new Pictures();

const fetched = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

// What is said before all is ready waits; and one message follows the other, because the journal is written in between.
let turn = new Promise((resolve) => {
  self.onmessage = ({ data }) => data.type === "start" && resolve(begin(data));
});

self.addEventListener("message", ({ data }) => {
  // What is heard before anything listens does not wait, nor what would wait for long.
  if (data.type === "start" || (data.type === "sound" && (!reports || waiting > MANY))) return;
  queue(() => hear(data));
});

function queue(act) {
  waiting += 1;
  turn = turn
    .then(() => {
      waiting -= 1;
      return act();
    })
    .catch((error) => console.warn("proctoring", error));
}

/** Lets time pass. Once is enough, however long it waits. */
function step() {
  if (stepping) return;
  stepping = true;
  queue(() => {
    stepping = false;
    return perform(reports.advance(now()));
  });
}

async function begin(data) {
  ({ session, reference: referenced } = data);
  const [kept] = await Promise.all([journal.recall(session), load()]);
  reports = new Reports(session, kept, now());
  setInterval(() => {
    step();
    if (asked && now() - asked > PATIENCE_MS) ask();
  }, STEP_MS);
  ask();
  open();
}

/** Loads the program, however often it takes. */
async function load() {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await init({ module_or_path: module });
    } catch (error) {
      console.warn("nothing is watched", error);
      say("sees", { word: "broken" });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Makes what looks. The log goes on meanwhile. */
async function open() {
  if (stopped) return;
  try {
    const [first, second] = await Promise.all([fetched(blazeface), fetched(facemesh)]);
    watch = new Watch(first, second);
  } catch (error) {
    console.warn("nothing looks at the picture", error);
    queue(() => perform(reports.cannotLook(now())));
  }
}

async function hear(data) {
  if (stopped && !["frame", "connected", "lost", "bytes"].includes(data.type)) return;
  switch (data.type) {
    case "signal":
      return perform(reports.signal(now(), data.name, data.numbers));
    case "sound":
      return perform(reports.hear(now(), data.samples, data.rate));
    case "connected":
      return perform(reports.connected());
    case "lost":
      return perform(reports.lost(now()));
    case "bytes": {
      const acts = reports.receive(now(), new Uint8Array(data.bytes));
      if (acts) return perform(acts);
      outdated = true;
      return say("sees", { word: "outdated" });
    }
    case "frame":
      return see(data);
    case "referenced":
      referenced = true;
      return reports.referenceTaken();
    case "end":
      await perform(reports.signal(now(), "ended", []));
      stopped = true;
      // Of an interview that was deleted nobody takes the rest.
      if (data.gone) return forget();
      setTimeout(() => queue(forget), REST_MS);
  }
}

/** Does what the reports ask for, in order: what is kept is kept before what follows. */
async function perform(acts) {
  for (const [name, ...more] of acts) {
    switch (name) {
      case "keep":
        await journal.keep(session, more[0]);
        break;
      case "send":
        say("send", { bytes: more[0].buffer }, [more[0].buffer]);
        break;
      case "warn":
      case "verdict":
        say(name, { kinds: more });
        break;
      case "blind":
        watch = undefined;
        if (!outdated) say("sees", { word: "blind" });
        setTimeout(open, more[0]);
        break;
      case "spot":
        spots.push(more[0]);
        ask();
        break;
      case "capture":
        steady = 0;
        setTimeout(() => (capturing = false), AGAIN_MS);
        break;
      case "forget":
        await forget();
        break;
      case "collect": {
        const [number, ...times] = more;
        const found = pictures.nearest(times);
        const jpegs = await Promise.all(found.map(async ({ jpeg }) => new Uint8Array(await jpeg.arrayBuffer())));
        await perform(reports.collected(number, new Float64Array(found.map(({ at }) => at)), jpegs));
        break;
      }
    }
  }
}

/** The server has everything, or was waited for long enough. */
async function forget() {
  await journal.forget(session);
  say("done");
}

/** Asks for the next picture, unless one is on its way. */
function ask() {
  clearTimeout(timer);
  if (stopped || (asked && now() - asked < PATIENCE_MS)) return;
  asked = now();
  say("frame");
}

/** Takes the picture that was asked for, and asks for the next one when it is time. */
async function see({ bitmap, why }) {
  const at = now();
  asked = 0;
  if (stopped) return bitmap?.close();
  timer = setTimeout(ask, bitmap ? reports.every : MISSED_MS);
  if (!bitmap) {
    if (!reports.blind && !outdated) say("sees", { word: why });
    for (const nonce of spots.splice(0)) await perform(reports.refuse(nonce, why));
    return;
  }
  try {
    const nonces = spots.splice(0);
    const jpeg = nonces.length ? await encode(bitmap) : undefined;
    const sight = await look(bitmap, at, jpeg);
    await pictures.add(bitmap, at);
    for (const nonce of nonces) await perform(reports.spot(nonce, at, sight, jpeg));
    if (sight || reports.blind) await capture(bitmap, sight);
  } finally {
    bitmap.close();
  }
}

/**
 * Notes what is seen in the picture, and gives it as JSON; undefined where nothing looks. What goes to the server as `jpeg` is
 * looked at as the server does it: whoever is followed may not be seen by anybody who looks for the first time.
 */
async function look(bitmap, at, jpeg) {
  if (!watch) return undefined;
  const begun = now();
  let sight;
  try {
    if (jpeg) {
      sight = watch.check(jpeg);
    } else {
      const { data, width, height } = pixels(bitmap);
      sight = watch.look(data, width, height);
    }
  } catch (error) {
    console.warn("a look failed", error);
    await perform(reports.lookFailed(now()));
    return undefined;
  }
  await perform(jpeg ? reports.checked(at, sight) : reports.look(at, sight, now() - begun));
  return sight;
}

/** Says how the candidate is seen, and takes the face once. */
async function capture(bitmap, sight) {
  if (outdated) return;
  const word = sight ? guide(JSON.parse(sight)) : "blind";
  say("sees", { word });
  steady = word === seen ? steady + 1 : 1;
  seen = word;
  if (referenced || capturing || !(steady >= STEADY[word])) return;
  capturing = true;
  await perform(reports.reference(await encode(bitmap)));
}

say("here");
