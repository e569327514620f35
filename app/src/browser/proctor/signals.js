// What a page notices of what happens to it, by the names of proctor::reporter::signal.

/** Milliseconds between two looks at what tells nothing by itself. */
const LOOK_MS = 1_000;

/** Milliseconds without a camera or a microphone after which it is taken for switched off: pages begin without. */
const MISSING_MS = 5_000;

/** Pixels that the browser's tools take of the window, at least. */
const TOOLS = 160;

/** Loudness (decibels, of full scale) of a loud room, and milliseconds for which it lasts. Chosen, not measured: microphones and their
    gain differ too much. Hence it is for information only. */
const LOUD_DB = -25;
const LOUD_MS = 20_000;

/** Names each thing to `signal` until `stopped`. */
export function observe({ signal, stopped, devices, typing, screen, fullscreen }) {
  const on = (target, name, act) => target?.addEventListener?.(name, act, { signal: stopped, capture: true });
  const every = (ms, act) => {
    const timer = setInterval(act, ms);
    stopped.addEventListener("abort", () => clearInterval(timer));
  };

  window_(signal, on);
  clipboard(signal, on, typing);
  tools(signal, on);
  dialogs(signal, stopped);
  media(signal, stopped, every, devices);
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

function clipboard(signal, on, typing) {
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  // What was taken from this page is not brought along.
  let taken = "";
  const take = (name) => () => {
    taken = plain(getSelection().toString());
    const field = document.activeElement;
    if (field?.selectionStart < field?.selectionEnd) {
      taken = plain(field.value.slice(field.selectionStart, field.selectionEnd));
    }
    signal(name);
  };
  on(document, "copy", take("copied"));
  on(document, "cut", take("cut"));
  const insert = (data) => {
    const text = data?.getData("text") ?? "";
    if (text === "") return;
    const question = plain(document.querySelector(".q")?.textContent ?? "");
    const known = plain(text) !== "" && [question, taken].some((own) => own.includes(plain(text)));
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
  on(window, "resize", () => {
    const now = measure();
    // Another zoom changes it as well.
    if (now.ratio !== usual.ratio) usual = now;
    const is = now.x - usual.x > TOOLS || now.y - usual.y > TOOLS;
    if (is !== suspected) signal(is ? "devtools" : "devtools closed");
    suspected = is;
  });
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

/** Says what of the screen is shared, and when it is no more. */
function shares(signal, stopped, screen) {
  let was = false;
  const look = () => {
    const is = screen.shared() !== undefined;
    if (is) signal("share", Number(screen.isWhole()));
    else if (was) signal("share ended");
    was = is;
  };
  stopped.addEventListener("abort", screen.onShare(look));
}

/** Follows the camera, the microphone and how loud it is. */
function media(signal, stopped, every, devices) {
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
  loudness(signal, stopped, every, follow("audio", "microphone"));
}

function loudness(signal, stopped, every, microphone) {
  let context;
  let source;
  let analyser;
  let since;
  stopped.addEventListener("abort", () => context?.close());
  every(LOOK_MS, () => {
    const track = microphone();
    if (!track) return;
    if (track !== source) {
      source = track;
      context ??= new AudioContext();
      analyser = context.createAnalyser();
      analyser.fftSize = 2048;
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    }
    if (context.state === "suspended") context.resume();
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    if (10 * Math.log10(power + 1e-9) < LOUD_DB) since = undefined;
    else since ??= performance.now();
    if (since !== undefined && performance.now() - since >= LOUD_MS) {
      signal("loud");
      since = performance.now();
    }
  });
}
