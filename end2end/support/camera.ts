// Made-up cameras: short films that Chromium plays as if a camera filmed them, and stages, whose scene a test changes.
//
// The faces come from photographs of the npm package `@vladmandic/face-api` (MIT); a page composes them, since a browser has
// all that is needed for that.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "@playwright/test";
import { programs } from "./programs.ts";

const WIDTH = 640;
const HEIGHT = 480;
/** Chromium plays 30 frames a second, from the beginning again at the end. */
const FRAMES = 90;

const photos = new URL("../../node_modules/@vladmandic/face-api/demo/", import.meta.url);

/** A part of a photograph, and where its middle lies in the picture, with its height as a share of the picture's. */
interface Person {
  photo: string;
  x: number;
  y: number;
  size: number;
  at: [number, number];
  height: number;
}

/** A film: who is in it, and what is wrong with the picture. */
export interface Film {
  people: Person[];
  /** 1: as it is. */
  light?: number;
  /** A thumb lies on the lens. */
  covered?: boolean;
  /** Every frame is the same. */
  frozen?: boolean;
}

const front = (at: [number, number] = [0.5, 0.5]): Person => ({
  photo: "sample5.jpg", x: 243, y: 790, size: 460, at, height: 0.85,
});
const other = (at: [number, number]): Person => ({ photo: "sample3.jpg", x: 500, y: 250, size: 420, at, height: 0.8 });
/** Her head is turned by some 27 degrees. */
const aside = (): Person => ({ photo: "sample1.jpg", x: 320, y: 300, size: 400, at: [0.5, 0.5], height: 0.9 });

export const films = {
  one: { people: [front()] },
  two: { people: [front([0.28, 0.5]), other([0.75, 0.5])] },
  another: { people: [other([0.5, 0.5])] },
  nobody: { people: [] },
  aside: { people: [aside()] },
  dark: { people: [front()], light: 0.1 },
  covered: { people: [front()], covered: true },
  frozen: { people: [front()], frozen: true },
} satisfies Record<string, Film>;

/** Writes films, one after the other, each for so many seconds, into a file for Chromium. */
export async function film(browser: Browser, ...scenes: { film: Film; seconds: number }[]): Promise<string> {
  const frames: Buffer[] = [];
  for (const { film, seconds } of scenes) {
    const made = await compose(browser, film, Math.min(FRAMES, seconds * 30));
    const pictures = made.map((frame) => Buffer.from(frame, "base64"));
    for (let frame = 0; frame < seconds * 30; frame += 1) frames.push(pictures[frame % pictures.length]);
  }
  const file = join(mkdtempSync(join(tmpdir(), "camera-")), "film.mjpeg");
  writeFileSync(file, Buffer.concat(frames));
  return file;
}

/** What a test may put before a staged camera. */
export type Scene = keyof typeof films;

/** Frames of a scene on a stage, and how many of them a second. */
const STAGED = { frames: 6, each_second: 8 };

/** A script for pages whose camera shows the first of these scenes, until `show` changes it. */
export async function stage(browser: Browser, ...scenes: Scene[]): Promise<string> {
  const shown: Partial<Record<Scene, string[]>> = {};
  for (const scene of scenes) {
    shown[scene] = await compose(browser, films[scene], STAGED.frames);
  }
  const play = { shown, scene: scenes[0], width: WIDTH, height: HEIGHT, pause: 1_000 / STAGED.each_second };
  return `(${enact})(${JSON.stringify(play)});`;
}

/** Changes what a page's staged camera shows. */
export const show = (page: Page, scene: Scene): Promise<void> =>
  page.evaluate((scene) => void Object.assign(window, { scene }), scene);

/** Where a browser that is asked for the screen shares it: a made-up monitor, or the tab that has the title. */
export type Shares = "monitor" | { tab: string };

/** A browser whose camera plays the film, and whose microphone a file of sound, if there is one. */
export const watching = (file: string, shares: Shares = "monitor", sound?: string): Promise<Browser> =>
  chromium.launch({
    executablePath: programs.chromium,
    args: [
      "--no-sandbox",
      "--use-fake-device-for-media-stream",
      shares === "monitor" ? "--use-fake-ui-for-media-stream" : `--auto-select-tab-capture-source-by-title=${shares.tab}`,
      `--use-file-for-fake-video-capture=${file}`,
      ...(sound ? [`--use-file-for-fake-audio-capture=${sound}`] : []),
      "--autoplay-policy=no-user-gesture-required",
      "--disable-background-networking",
      "--disable-quic",
      "--no-first-run",
    ],
  });

const dataUrl = (photo: string) => `data:image/jpeg;base64,${readFileSync(new URL(photo, photos)).toString("base64")}`;

interface Task {
  people: (Person & { url: string })[];
  light?: number;
  covered?: boolean;
  frozen?: boolean;
  width: number;
  height: number;
  frames: number;
}

/** JPEGs of a scene, in base64. */
async function compose(browser: Browser, film: Film, frames: number): Promise<string[]> {
  const page = await browser.newPage();
  const people = film.people.map((person) => ({ ...person, url: dataUrl(person.photo) }));
  const made = await page.evaluate(draw, { ...film, people, width: WIDTH, height: HEIGHT, frames });
  await page.close();
  return made;
}

/** Runs in a page. Answers JPEGs in base64. */
async function draw({ people, light = 1, covered = false, frozen = false, width, height, frames }: Task): Promise<string[]> {
  const loaded = await Promise.all(
    people.map(async (person) => {
      const image = new Image();
      image.src = person.url;
      await image.decode();
      return { ...person, image };
    }),
  );
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const made: string[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const time = frozen ? 0 : (frame / frames) * 2 * Math.PI;
    // A room: a wall with a shelf, so that an empty chair is no covered lens.
    context.fillStyle = "#8d8778";
    context.fillRect(0, 0, width, height);
    for (let book = 0; book < 24; book += 1) {
      context.fillStyle = `hsl(${book * 47} 40% ${30 + (book % 5) * 8}%)`;
      context.fillRect(book * 28, 60 + (book % 3) * 12, 22, 130 - (book % 3) * 12);
    }
    context.fillStyle = "#5b4a38";
    context.fillRect(0, 190, width, 14);
    context.fillRect(180, 360, 280, 120);
    for (const { image, x, y, size, at, height: share } of loaded) {
      const side = share * height;
      const [dx, dy] = [Math.sin(time) * 6, Math.cos(time * 2) * 4];
      context.drawImage(image, x, y, size, size, at[0] * width - side / 2 + dx, at[1] * height - side / 2 + dy, side, side);
    }
    if (covered) {
      // The light that comes through skin, a little more of it at one side.
      const skin = context.createLinearGradient(0, 0, width, height);
      skin.addColorStop(0, "#7c3526");
      skin.addColorStop(1, "#84392a");
      context.fillStyle = skin;
      context.fillRect(0, 0, width, height);
    }
    const pixels = context.getImageData(0, 0, width, height);
    let seed = frozen ? 1 : frame + 1;
    for (let place = 0; place < pixels.data.length; place += 4) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      const noise = (seed >> 16) % 9 - 4;
      for (let channel = 0; channel < 3; channel += 1) {
        pixels.data[place + channel] = pixels.data[place + channel] * light + noise * Math.min(1, light * 8);
      }
    }
    context.putImageData(pixels, 0, 0);
    made.push(canvas.toDataURL("image/jpeg", 0.85).split(",")[1]);
  }
  return made;
}

interface Play {
  /** JPEGs in base64. */
  shown: Record<string, string[]>;
  scene: string;
  width: number;
  height: number;
  /** Milliseconds. */
  pause: number;
}

/** Runs in a page before its own scripts, and gives it a stage for a camera. */
function enact({ shown, scene, width, height, pause }: Play): void {
  const stage = window as unknown as { scene: string };
  stage.scene = scene;
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  const decode = (jpeg: string) => {
    const bytes = Uint8Array.from(atob(jpeg), (character) => character.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  };
  const camera = async () => {
    const decoded = Object.entries(shown).map(async ([name, jpegs]) => [name, await Promise.all(jpegs.map(decode))] as const);
    const scenes = new Map(await Promise.all(decoded));
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d")!;
    let frame = 0;
    const draw = () => {
      const pictures = scenes.get(stage.scene) ?? [];
      frame += 1;
      context.drawImage(pictures[frame % pictures.length], 0, 0);
      // Evening comes: a real camera never sends the same picture twice, and whoever does is found out.
      context.fillStyle = `rgb(0 0 0 / ${((frame / 1_600) % 1) * 0.4})`;
      context.fillRect(0, 0, width, height);
    };
    draw();
    setInterval(draw, pause);
    return canvas.captureStream().getVideoTracks();
  };
  devices.getUserMedia = async (wish) => {
    const others = wish?.audio ? (await ask({ audio: wish.audio })).getTracks() : [];
    return new MediaStream([...others, ...(wish?.video ? await camera() : [])]);
  };
}
