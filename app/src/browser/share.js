// The candidate's screen, where it is asked for: one track that the room shows and that proctoring hears of.

const WISH = { video: { displaySurface: "monitor", frameRate: { max: 5 }, width: { max: 1920 } }, audio: false };
// Whole screens come first, and this page itself is no answer. Browsers that do not know these pass over them.
const HINTS = { monitorTypeSurfaces: "include", selfBrowserSurface: "exclude", surfaceSwitching: "exclude" };

const watchers = new Set();
let track;
let state = "off";
/** How often nothing was to be shared any more. */
let stops = 0;

function change(next) {
  state = next;
  for (const watcher of watchers) watcher(state);
}

/** The screen's track, while it is shared. */
export const shared = () => (track?.readyState === "live" ? track : undefined);

/** Whether it is a whole monitor. Where the browser does not say, it is taken for one. */
export const isWhole = () => (shared()?.getSettings().displaySurface ?? "monitor") === "monitor";

/**
 * Calls `watcher` with the state in a word, now and on every change, until the function that is returned is called: "off",
 * "whole", "part", "refused", "stopped", "impossible" or "failed".
 */
export function onShare(watcher) {
  watchers.add(watcher);
  if (state === "off" && !navigator.mediaDevices?.getDisplayMedia) state = "impossible";
  watcher(state);
  return () => watchers.delete(watcher);
}

/** Asks which screen, in a dialog of the browser. Only after a press of a button. */
export async function share() {
  const before = stops;
  let stream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ ...WISH, ...HINTS });
  } catch (error) {
    console.warn("the screen is not shared", error);
    // What was shared before goes on.
    if (!shared() && before === stops) change(error?.name === "NotAllowedError" ? "refused" : "failed");
    return;
  }
  // It was chosen after the end.
  if (before !== stops) {
    for (const late of stream.getTracks()) late.stop();
    return;
  }
  track?.stop();
  const [mine] = stream.getVideoTracks();
  track = mine;
  // Letters shall be sharp.
  mine.contentHint = "detail";
  mine.addEventListener("ended", () => track === mine && change("stopped"));
  change(isWhole() ? "whole" : "part");
}

/** Shares no longer. */
export function stop() {
  stops += 1;
  track?.stop();
  track = undefined;
  if (state !== "impossible") change("off");
}
