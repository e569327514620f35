// Full screen, where it is asked for. Phones do not all know it.

/**
 * Calls `watcher` with whether the page could fill the screen and does not, now and on every change, until the function that is
 * returned is called.
 */
export function onFullscreen(watcher) {
  const look = () => watcher(document.fullscreenEnabled === true && document.fullscreenElement === null);
  document.addEventListener("fullscreenchange", look);
  look();
  return () => document.removeEventListener("fullscreenchange", look);
}

/** Fills the screen. Only after a press of a button. */
export const enter = () => document.documentElement.requestFullscreen?.().catch((error) => console.warn("no full screen", error));

export const leave = () => document.fullscreenElement && document.exitFullscreen().catch(() => {});
