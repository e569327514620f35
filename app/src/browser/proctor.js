// Proctoring, for the interviews that have it. What watches is a chunk of its own, loaded when it is needed first.
import { listen, sendBytes } from "./channel.js";
import { onChange, tracks } from "./devices.js";
import { isWhole, onShare, shared } from "./share.js";

/** Pauses before what could not be loaded is loaded again: twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

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
      if (!stopped.aborted) settings.onState("\nProctoring does not work at the moment. The interview goes on; the hiring team sees that.\nwatched");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
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
