// Proctoring, for the interviews that have it. What watches is a chunk of its own, loaded when it is needed first.
import { listen, sendBytes } from "./channel.js";
import { onChange, tracks } from "./devices.js";
import { isWhole, onShare, shared } from "./share.js";

let watching;

/** What the chunk is to be told; before it is loaded, in order. */
const tell = (act) => watching?.then(act).catch(() => {});

/**
 * Watches over this page's interview, in place of the one before. `fullscreen`: whether it is asked for. `onState` gets what the candidate is to be told, a line each:
 * how to be seen well, how it stands or what is to be mended, and the style classes of that.
 */
export function watch(session, referenced, fullscreen, onState) {
  stop(false);
  const mine = (async () => {
    try {
      // `cargo xtask build` resolves the name to proctor/watching.js; wasm-bindgen brings only this file along.
      const { start } = await import("proctor-page");
      const [channel, devices, screen] = [{ listen, sendBytes }, { onChange, tracks }, { onShare, shared, isWhole }];
      return start({ session, referenced, fullscreen, onState, channel, devices, screen });
    } catch (error) {
      console.warn("nothing is watched", error);
      onState("\nProctoring does not work in this browser. The interview goes on; the hiring team sees that.\nwatched");
      throw error;
    }
  })();
  watching = mine;
  tell(() => {});
}

/** How far it is: whether it has begun, the open question's index (-1: none), and whether the server has a picture of the face. */
export const follow = (begun, question, referenced) => tell((page) => page.follow(begun, question, referenced));

/** An answer of so many characters is being sent. */
export const answered = (chars) => tell((page) => page.answered(chars));

/** Watches no longer. `over`: neither will a later page. */
export function stop(over) {
  tell((page) => page.stop(over));
  watching = undefined;
}
