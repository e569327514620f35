// The camera and the microphone of this page: one stream that the check, the self view and the room share.

const VIDEO = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 20, max: 24 }, facingMode: "user" };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const stream = typeof MediaStream === "undefined" ? undefined : new MediaStream();
const watchers = new Set();
let state = { video: "", audio: "" };
let opening = 0;
let context;

const words = () => `${state.video || "unknown"} ${state.audio || "unknown"}`;

function change(next) {
  state = { ...state, ...next };
  for (const watcher of watchers) watcher(words());
}

/** The tracks that work now. */
export const tracks = () => (stream ? stream.getTracks().filter((track) => track.readyState === "live") : []);

/** Calls `watcher` with the state in words on every change, until the function that is returned is called. */
export function onChange(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function reason(error) {
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

// After a refusal, asks only for what is allowed already: nobody wants a second question after saying no.
async function isGranted(name) {
  try {
    return (await navigator.permissions.query({ name })).state === "granted";
  } catch {
    return false;
  }
}

async function ask(wanted) {
  const constraints = { video: wanted.video && VIDEO, audio: wanted.audio && AUDIO };
  const found = await navigator.mediaDevices.getUserMedia(constraints);
  return found.getTracks();
}

async function askForEach(wanted, refusal) {
  const found = [];
  const states = {};
  for (const kind of ["video", "audio"].filter((kind) => wanted[kind])) {
    const name = kind === "video" ? "camera" : "microphone";
    if (refusal === "denied" && !(await isGranted(name))) {
      states[kind] = refusal;
      continue;
    }
    try {
      found.push(...(await ask({ [kind]: true })));
      states[kind] = "working";
    } catch (error) {
      states[kind] = reason(error);
    }
  }
  return { found, states };
}

function put(track) {
  for (const old of stream.getTracks().filter((other) => other.kind === track.kind)) {
    stream.removeTrack(old);
    old.stop();
  }
  stream.addTrack(track);
  track.addEventListener("ended", () => stream.getTracks().includes(track) && change({ [track.kind]: "stopped" }));
}

/** Opens what is asked for and is not open. Answers and reports the state of both in words. */
export async function open(camera, microphone) {
  const mine = ++opening;
  const live = new Set(tracks().map((track) => track.kind));
  const wanted = { video: camera && !live.has("video"), audio: microphone && !live.has("audio") };
  if (!wanted.video && !wanted.audio) return words();
  if (!navigator.mediaDevices?.getUserMedia) {
    change({ video: wanted.video ? "insecure" : state.video, audio: wanted.audio ? "insecure" : state.audio });
    return words();
  }
  let result;
  try {
    const found = await ask(wanted);
    result = { found, states: Object.fromEntries(found.map((track) => [track.kind, "working"])) };
  } catch (error) {
    result = await askForEach(wanted, reason(error));
  }
  if (mine !== opening) {
    for (const track of result.found) track.stop();
    return words();
  }
  for (const track of result.found) put(track);
  change(result.states);
  return words();
}

/** Gives camera and microphone back: their lights go out. */
export function close() {
  opening += 1;
  for (const track of stream?.getTracks() ?? []) {
    stream.removeTrack(track);
    track.stop();
  }
  context?.close();
  context = undefined;
  change({ video: "", audio: "" });
}

/** Shows the camera's picture. */
export function showCamera(video) {
  video.muted = true;
  video.srcObject = stream;
}

/** Moves `meter` (0..1) with the sound until it leaves the page. */
export function showLevel(meter) {
  let source;
  let analyser;
  let samples;
  const connect = (track) => {
    context ??= new AudioContext();
    analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    source = track;
  };
  const tick = () => {
    if (!meter.isConnected) return;
    const track = tracks().find((track) => track.kind === "audio");
    if (track && track !== source) connect(track);
    if (track && context) {
      if (context.state === "suspended") context.resume();
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From -60 dB (a quiet room) to -10 dB (a loud voice).
      const level = (10 * Math.log10(power + 1e-9) + 60) / 50;
      meter.value = Math.max(Math.min(level, 1), meter.value - 0.03, 0);
    } else {
      meter.value = 0;
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
