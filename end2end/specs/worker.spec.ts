// The worker's script, with a program that only writes down what it is told: which looks are told how.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

const scripts = new URL("../../proctor-worker/script/", import.meta.url);

const PROGRAM = `
  export default async () => {};
  const sight = JSON.stringify({ look: { Clear: { faces: 1, head: null } }, faces: [], brightness: 99 });
  export class Watch {
    look = () => sight;
    check = () => sight;
  }
  export class Reports {
    every = 60_000;
    blind = false;
    advance = () => [];
    receive = () => [["spot", 7n]];
    look = (at, sight, took) => note("look", took);
    checked = (at, sight, ...more) => note("checked", ...more);
    spot = () => note("spot");
  }
  function note(...what) {
    told.push(what);
    return [];
  }`;

const MODULES: Record<string, string> = {
  "worker-build/proctor_worker.js": PROGRAM,
  "worker-build/proctor_worker_bg.wasm": `export default "/";`,
  "vision-models/blazeface.onnx": `export default "/";`,
  "vision-models/facemesh.onnx": `export default "/";`,
  "browser-database": `export const database = () => ({ keep: async () => {}, recall: async () => {}, forget: async () => {} });`,
};

const PAGE = `
  <script type="importmap">${JSON.stringify({ imports: Object.fromEntries(Object.keys(MODULES).map((name) => [name, `/${name}`])) })}</script>
  <script>
    const told = [];
    // What the script says is heard by nobody; it is told as a page tells it.
    window.postMessage = () => {};
    const tell = (data) => dispatchEvent(new MessageEvent("message", { data }));
    const shows = () => tell({ type: "frame", bitmap: picture() });
    function picture() {
      const canvas = new OffscreenCanvas(64, 48);
      canvas.getContext("2d").fillRect(0, 0, 32, 48);
      return canvas.transferToImageBitmap();
    }
  </script>
  <script type="module" src="/proctor.js"></script>`;

test("a look for a check is told as what it is, and is no measure of how fast looks are", async ({ page }) => {
  await page.route("http://worker.test/**", (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (!name) return route.fulfill({ contentType: "text/html", body: PAGE });
    const body = MODULES[name] ?? readFileSync(new URL(name, scripts), "utf8");
    return route.fulfill({ contentType: "text/javascript", body });
  });
  await page.goto("http://worker.test/");
  const told = () => page.evaluate<[string, ...number[]][]>("told");
  const names = async () => (await told()).map(([name]) => name);
  await page.evaluate(`tell({ type: "start", session: "s", reference: true })`);
  // Until what looks is there, nothing is seen.
  await expect.poll(() => page.evaluate("shows()").then(names)).toContain("look");
  await page.evaluate("told.splice(0)");
  await page.evaluate(`tell({ type: "bytes", bytes: [] }), shows()`);
  await expect.poll(names).toEqual(["checked", "spot"]);
  await page.evaluate("shows()");
  await expect.poll(names).toEqual(["checked", "spot", "look"]);
  const [[, ...ofCheck], , [, ...ofLook]] = await told();
  expect([ofCheck.length, typeof ofLook[0]], "how long it took is said of looks alone").toEqual([0, "number"]);
});
