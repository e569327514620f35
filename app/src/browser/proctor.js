// Proctoring, for the interviews that have it. What watches is a chunk of its own, loaded when it is needed first.
import { listen, sendBytes } from "./channel.js";
import { onChange, tracks } from "./devices.js";
import { isWhole, onShare, shared } from "./share.js";

/** Pauses before what could not be loaded is loaded again: twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** As the chunk says it once it is there, in proctor/words.js; a test holds both together. */
const BROKEN = "Proctoring does not work at the moment. The interview goes on; the hiring team sees that.";
const OUTDATED = "This page is older than the server. Please load it anew; what you wrote is kept.";

/** What the server takes for a message of another version: it hears so why nothing is reported. */
const OTHER_VERSION = new Uint8Array([0]);

let watching;
let stopped = new AbortController();

/** What the chunk is to be told; before it is loaded, in order. */
const tell = (act) => watching?.then(act).catch(() => {});

/**
 * Watches over this page's interview, in place of the one before. `fullscreen`: whether it is asked for. `onState` gets what the
 * candidate is to be told, a line each: how to be seen well, how it stands or what is to be mended, and the style classes of that.
 */
export function watch(session, referenced, fullscreen, onState) {
  stop(false);
  stopped = new AbortController();
  const [channel, devices, screen] = [{ listen, sendBytes }, { onChange, tracks }, { onShare, shared, isWhole }];
  watching = begin({ session, referenced, fullscreen, onState, channel, devices, screen }, stopped.signal);
  tell(() => {});
}

/** Begins to watch, however often it takes. */
async function begin(settings, stopped) {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    stopped.throwIfAborted();
    try {
      // `cargo xtask build` resolves the name to proctor/watching.js; wasm-bindgen brings only this file along.
      const { start } = await import("proctor-page");
      return await start(settings);
    } catch (error) {
      console.warn("nothing is watched", error);
      const words = (await isOutdated()) ? OUTDATED : BROKEN;
      if (stopped.aborted) throw error;
      settings.onState(`\n${words}\nwatched`);
      if (words === OUTDATED) sendBytes(OTHER_VERSION);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Whether the server has no such page any more, so that what this one lacks will not come. */
async function isOutdated() {
  const { src } = document.querySelector("script[type=module][src]");
  const answer = await fetch(src, { method: "HEAD", cache: "no-store" }).catch(() => undefined);
  return answer?.status === 404;
}

/** How far it is: whether it has begun, the open question's index (-1: none), and whether the server has a picture of the face. */
export const follow = (begun, question, referenced) => tell((page) => page.follow(begun, question, referenced));

/** An answer of so many characters is being sent. */
export const answered = (chars) => tell((page) => page.answered(chars));

/** Watches no longer. `over`: neither will a later page. `gone`: the interview was deleted. */
export function stop(over, gone) {
  stopped.abort();
  tell((page) => page.stop(over, gone));
  watching = undefined;
}
