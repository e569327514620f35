// Pictures of the camera: small ones of the last seconds, and larger ones that are asked for.

/** Pixels of what is looked at, and of pictures as evidence. */
const SMALL = { width: 320, height: 240 };

/** Pixels of pictures that the server looks at. */
const LARGE = { width: 640, height: 480 };

/** Bytes of such a picture: on a slow line a larger one would hold up signs of life for too long. */
const MAX_BYTES = 40 * 1024;

const QUALITIES = [0.8, 0.65, 0.5, 0.35, 0.2];

/** Milliseconds between two small pictures, and for how long they are kept. */
const EVERY_MS = 1_000;
const KEPT_MS = 12_000;

/** A picture shows a time if it is so near (ms). */
const NEAR_MS = 1_500;

/** The picture's own shape within a frame, never enlarged. */
function fitted({ width, height }, most) {
  const scale = Math.min(1, most.width / width, most.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const canvases = {};

/** Draws the picture on the canvas of this name. */
function draw(bitmap, most, name) {
  const { width, height } = fitted(bitmap, most);
  canvases[name] ??= new OffscreenCanvas(width, height);
  const canvas = canvases[name];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  // All canvases are read, so they had better stay where they can be.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context, width, height };
}

/** The picture as RGBA bytes to be looked at. */
export function pixels(bitmap) {
  const { context, width, height } = draw(bitmap, SMALL, "small");
  const { data } = context.getImageData(0, 0, width, height);
  return { data: new Uint8Array(data.buffer), width, height };
}

/** The picture as JPEG for the server's own look: as good as it may be, and smaller where noise leaves no other way. */
export async function encode(bitmap) {
  let blob;
  for (const [most, name] of [
    [LARGE, "large"],
    [SMALL, "small"],
  ]) {
    const { canvas } = draw(bitmap, most, name);
    for (const quality of QUALITIES) {
      blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      if (blob.size <= MAX_BYTES) return new Uint8Array(await blob.arrayBuffer());
    }
  }
  return new Uint8Array(await blob.arrayBuffer());
}

/** The last seconds. */
export class Pictures {
  #kept = [];

  /** Keeps a picture, unless there is one of just before. */
  async add(bitmap, at) {
    const last = this.#kept.at(-1);
    if (last && at - last.at < EVERY_MS - 100) return;
    const { canvas } = draw(bitmap, SMALL, "small");
    const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.6 });
    this.#kept.push({ at, jpeg });
    this.#kept = this.#kept.filter((picture) => at - picture.at <= KEPT_MS);
  }

  /** For each of these times the picture that is nearest, if one is near; none of them twice. */
  nearest(times) {
    const found = new Set();
    for (const time of times) {
      const distance = ({ at }) => Math.abs(at - time);
      const best = this.#kept.reduce((one, other) => (one && distance(one) <= distance(other) ? one : other), undefined);
      if (best && distance(best) <= NEAR_MS) found.add(best);
    }
    return [...found].sort((one, other) => one.at - other.at);
  }
}
