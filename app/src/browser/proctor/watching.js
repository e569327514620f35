// Watches over an interview: starts the worker, gives it the camera's pictures and what happens to the page, and says what the
// candidate is to be told. The worker says what it expects and answers: see proctor-worker/script/proctor.js.
/* global PROCTOR_WORKER */
import { observe } from "./signals.js";
import { Typing } from "./typing.js";
import { UNREPORTED, advice, help, standing } from "./words.js";

/** Milliseconds after the end of an interview for which the worker may send what the server still wants. */
const FAREWELL_MS = 65_000;

/** Milliseconds without a channel after which that is said: until then it may be opening, or opening again. */
const APART_MS = 15_000;

/** Milliseconds for which a channel has to stand. */
const SETTLED_MS = 1_000;

/** Milliseconds for which a camera may be opening. */
const OPENING_MS = 5_000;

/** Who hears the channel now. */
let listening;

/** A worker whose script runs. Fails where it cannot be loaded. */
function hire() {
  return new Promise((resolve, reject) => {
    // The name carries a hash, so `cargo xtask build` puts it here.
    const worker = new Worker(PROCTOR_WORKER, { type: "module" });
    worker.onmessage = () => resolve(worker);
    worker.onerror = ({ message }) => {
      worker.terminate();
      reject(new Error(message || "the worker cannot be loaded"));
    };
  });
}

export async function start({ session, referenced, fullscreen, onState, channel, devices, screen }) {
  const worker = await hire();
  const say = (type, more, transfer) => worker.postMessage({ type, ...more }, { transfer });
  const signal = (name, ...numbers) => say("signal", { name, numbers });
  const stopped = new AbortController();
  const camera = new Camera(devices);
  const typing = new Typing(stopped.signal);
  let sight = "loading";
  let captured = referenced;
  let warnings = [];
  let verdict = [];
  let shown;
  let apart = false;
  let reaching;
  let settling;

  /** The channel stands, or it does not, which is said again and again: then nothing can be reported. */
  const reach = (stands) => {
    clearTimeout(settling);
    if (stands) {
      // Some networks let a channel begin and cut it at once.
      settling = setTimeout(() => {
        clearTimeout(reaching);
        reaching = undefined;
        apart = false;
        show();
      }, SETTLED_MS);
    } else {
      reaching ??= setTimeout(() => {
        apart = true;
        show();
      }, APART_MS);
    }
  };

  /** Lets go of everything. */
  const leave = () => {
    for (const timer of [reaching, settling]) clearTimeout(timer);
    worker.terminate();
    if (listening === worker) channel.listen(undefined);
  };

  const show = () => {
    if (stopped.signal.aborted) return;
    const [first = apart ? UNREPORTED : undefined] = help(warnings, verdict);
    const words = [advice(sight, captured), first ?? standing(sight), first ? "watched warns" : "watched"].join("\n");
    if (words !== shown) onState(words);
    shown = words;
  };
  worker.onmessage = async ({ data }) => {
    switch (data.type) {
      case "frame": {
        const picture = await camera.picture();
        say("frame", picture, picture.bitmap && [picture.bitmap]);
        break;
      }
      case "send":
        channel.sendBytes(data.bytes);
        break;
      case "sees":
        sight = data.word;
        show();
        break;
      case "warn":
        warnings = data.kinds;
        show();
        break;
      case "verdict":
        verdict = data.kinds;
        show();
        break;
      case "done":
        leave();
    }
  };
  worker.onerror = (event) => {
    console.warn("the worker that watches is broken", event.message);
    sight = "broken";
    show();
  };
  say("start", { session, reference: referenced });
  const sound = (samples, rate) => say("sound", { samples, rate }, [samples.buffer]);
  observe({ signal, sound, stopped: stopped.signal, devices, typing, screen, fullscreen });
  listening = worker;
  reach(false);
  channel.listen({
    open() {
      say("connected");
      reach(true);
    },
    lost() {
      say("lost");
      reach(false);
    },
    bytes: (bytes) => say("bytes", { bytes }, [bytes]),
  });
  show();

  return {
    follow(begun, question, hasReference) {
      signal(begun ? "interview" : "check");
      if (question >= 0) typing.begin(question);
      if (!hasReference || captured) return;
      captured = true;
      say("referenced");
      show();
    },
    answered: (chars) => signal("answered", ...typing.facts(chars)),
    stop(over, gone) {
      stopped.abort();
      camera.close();
      if (!over) return leave();
      say("end", { gone });
      setTimeout(leave, FAREWELL_MS);
    },
  };
}

/** The camera's pictures, of the track that the self view and the room have too. */
class Camera {
  #devices;
  #video = document.createElement("video");
  #track;
  /** When there was a camera last. */
  #seen = performance.now();

  constructor(devices) {
    this.#devices = devices;
    Object.assign(this.#video, { muted: true, playsInline: true });
  }

  /** A picture of now, or why there is none. */
  async picture() {
    const track = this.#devices.tracks().find((track) => track.kind === "video");
    if (track !== this.#track) {
      this.#track = track;
      this.#video.srcObject = track ? new MediaStream([track]) : null;
      // It plays again by itself; a picture that is not there yet is asked for again.
      this.#video.play().catch(() => {});
    }
    if (document.hidden) return { why: "hidden" };
    if (track && !track.muted && track.enabled) this.#seen = performance.now();
    else return { why: performance.now() - this.#seen < OPENING_MS ? "starting" : "off" };
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return { why: "starting" };
    try {
      return { bitmap: await createImageBitmap(this.#video) };
    } catch {
      return { why: "starting" };
    }
  }

  close() {
    this.#video.srcObject = null;
  }
}
