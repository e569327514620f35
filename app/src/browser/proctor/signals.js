// What a page notices of what happens to it, by the names of proctor::reporter::signal.
import { FIELD } from "./typing.js";

/** Milliseconds between two looks at what tells nothing by itself. */
const LOOK_MS = 1_000;

/** Milliseconds without a camera or a microphone after which it is taken for switched off: pages begin without. */
const MISSING_MS = 5_000;

/** Pixels that the browser's tools take of the window, at least, when they are opened. */
const TOOLS = 160;

/**
 * Pixels around the page that are more than browsers' own bars. Above and below it tabs and address take some 90, bookmarks 30 to
 * 40, a menu 30, a search 40, each bar of news 40: 250 together. Beside it bars take 250 to 430 (a history, panes next to
 * tabs); docked tools take half of the window at first.
 */
const BARS = { height: 320, width: 480 };

/** Milliseconds between two windows of sound, which last some 40 ms each: see proctor::sound. */
const LISTEN_MS = 250;

/** Texts taken last that are remembered: clipboards have a memory, too. */
const TAKEN = 16;

/** Names each thing to `signal`, and gives what is heard to `sound`, until `stopped`. */
export function observe({ signal, sound, stopped, devices, typing, screen, fullscreen }) {
  const on = (target, name, act) => target?.addEventListener?.(name, act, { signal: stopped, capture: true });
  const every = (ms, act) => {
    const timer = setInterval(act, ms);
    stopped.addEventListener("abort", () => clearInterval(timer));
  };

  window_(signal, on);
  clipboard(signal, on, typing, stopped);
  tools(signal, on);
  dialogs(signal, stopped);
  media(signal, sound, stopped, every, devices);
  shares(signal, stopped, screen);
  if (fullscreen && document.fullscreenEnabled) {
    // What never came about tells nothing by itself.
    every(LOOK_MS, () => signal(document.fullscreenElement ? "fullscreen" : "fullscreen left"));
  }
}

function window_(signal, on) {
  const seen = () => signal(document.hidden ? "hidden" : "shown");
  on(document, "visibilitychange", seen);
  // Focus that goes from one field to another passes by here too.
  on(window, "blur", ({ target }) => target === window && signal("blurred"));
  on(window, "focus", ({ target }) => target === window && signal("focused"));
  on(document, "fullscreenchange", () => signal(document.fullscreenElement ? "fullscreen" : "fullscreen left"));
  on(window, "pagehide", () => signal("unloading"));
  on(window, "pageshow", ({ persisted }) => persisted && signal("loaded"));
  on(window, "offline", () => signal("offline"));
  on(window, "online", () => signal("online"));
  on(window, "beforeprint", () => signal("printed"));
  on(document, "contextmenu", () => signal("menu"));
  const screens = () => screen.isExtended !== undefined && signal("screens", Number(screen.isExtended));
  on(screen, "change", screens);
  seen();
  screens();
  if (!document.hasFocus()) signal("blurred");
}

function clipboard(signal, on, typing, stopped) {
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  // What was taken from this page, or stands in the answer, is not brought along.
  const taken = [];
  const take = (text) => {
    taken.push(plain(text));
    if (taken.length > TAKEN) taken.shift();
  };
  const selected = () => {
    const field = document.activeElement;
    if (field?.selectionStart < field?.selectionEnd) return field.value.slice(field.selectionStart, field.selectionEnd);
    return getSelection().toString();
  };
  // After the editor, which takes a whole line where nothing is selected, and more than is drawn.
  const after = (name, act) => addEventListener(name, act, { signal: stopped });
  for (const [name, said] of [["copy", "copied"], ["cut", "cut"]]) {
    after(name, ({ clipboardData }) => {
      take(clipboardData?.getData("text/plain") || selected());
      signal(said);
    });
  }
  after("dragstart", ({ dataTransfer }) => take(dataTransfer?.getData("text/plain") || selected()));
  const insert = (data) => {
    const text = data?.getData("text") ?? "";
    if (text === "") return;
    const own = [document.querySelector(".q")?.textContent ?? "", document.querySelector(FIELD)?.value ?? ""].map(plain);
    const known = plain(text) !== "" && [...own, ...taken].some((one) => one.includes(plain(text)));
    const chars = [...text].length;
    typing.inserted(chars, known);
    signal("pasted", chars, Number(known));
  };
  on(document, "paste", ({ clipboardData }) => insert(clipboardData));
  on(document, "drop", ({ dataTransfer }) => insert(dataTransfer));
}

/** Goes by what the window has and the page does not: on machines with a mouse, where no keyboard comes up on the screen. */
function tools(signal, on) {
  if (!matchMedia("(pointer: fine)").matches) return;
  const measure = () => ({ ratio: devicePixelRatio, x: outerWidth - innerWidth, y: outerHeight - innerHeight });
  let usual = measure();
  let suspected = false;
  const look = () => {
    const now = measure();
    // Another zoom changes it as well.
    if (now.ratio !== usual.ratio) usual = now;
    usual = { ...now, x: Math.min(now.x, usual.x), y: Math.min(now.y, usual.y) };
    const is = now.x - usual.x > TOOLS || now.y - usual.y > TOOLS || docked();
    if (is !== suspected) signal(is ? "devtools" : "devtools closed");
    suspected = is;
  };
  on(window, "resize", look);
  look();
}

/**
 * Whether more lies around the page than a browser puts there: tools were open before the page. A zoom, which nothing tells, makes
 * the page's sizes smaller as well; so it is taken for as large as the other side of the window allows.
 */
function docked() {
  const [across, down] = [outerWidth / innerWidth, outerHeight / innerHeight];
  return outerHeight - innerHeight * across > BARS.height || outerWidth - innerWidth * down > BARS.width;
}

/** Says when the browser asks something. */
function dialogs(signal, stopped) {
  const media = navigator.mediaDevices;
  for (const name of ["getUserMedia", "getDisplayMedia"]) {
    const ask = media?.[name];
    if (!ask) continue;
    const asked = async (...wish) => {
      signal("dialog");
      try {
        return await ask.apply(media, wish);
      } finally {
        signal("dialog closed");
      }
    };
    media[name] = asked;
    stopped.addEventListener("abort", () => media[name] === asked && (media[name] = ask));
  }
}

/** Says what of the screen is shared, when it is no more, and where it cannot be. */
function shares(signal, stopped, screen) {
  let was = false;
  const look = (state) => {
    const is = screen.shared() !== undefined;
    if (is) signal("share", Number(screen.isWhole()));
    else if (was) signal("share ended");
    else if (state === "impossible") signal("share impossible");
    was = is;
  };
  stopped.addEventListener("abort", screen.onShare(look));
}

/** Follows the camera, the microphone and what is heard. */
function media(signal, sound, stopped, every, devices) {
  const follow = (kind, name) => {
    let track;
    let known;
    let missing = performance.now();
    const say = (word) => signal(`${name} ${word}`);
    const look = () => {
      const found = devices.tracks().find((one) => one.kind === kind);
      if (found && found !== track) {
        const { deviceId } = found.getSettings();
        say(known && deviceId && known !== deviceId ? "changed" : "back");
        if (found.muted) say("muted");
        known = deviceId ?? known;
        found.addEventListener("mute", () => say("muted"), { signal: stopped });
        found.addEventListener("unmute", () => say("back"), { signal: stopped });
        found.addEventListener("ended", look, { signal: stopped });
      }
      if (found) missing = undefined;
      else missing ??= performance.now();
      track = found;
      if (missing !== undefined && performance.now() - missing >= MISSING_MS) say("ended");
      return found;
    };
    every(LOOK_MS, look);
    stopped.addEventListener("abort", devices.onChange(look));
    look();
    return look;
  };
  follow("video", "camera");
  listen(sound, stopped, every, follow("audio", "microphone"));
}

/** Gives short windows of the microphone's sound away to be judged. */
function listen(sound, stopped, every, microphone) {
  let context;
  let source;
  let track;
  let analyser;
  stopped.addEventListener("abort", () => context?.close());
  every(LISTEN_MS, () => {
    const found = microphone();
    if (!found) return;
    if (found !== track) {
      track = found;
      context ??= new AudioContext();
      source?.disconnect();
      analyser = context.createAnalyser();
      analyser.fftSize = 2048;
      source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
    }
    if (context.state === "suspended") context.resume();
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    sound(samples, context.sampleRate);
  });
}
