// Made-up cameras: what is seen, by the browser and by the server, and what follows.
import { type Browser, type BrowserContext, expect } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import { type Film, film, films, watching } from "../support/camera.ts";
import { test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

const questions = [{ text: "What do you see from your window?" }];

/** What happens in front of the camera, and what has to be noted of it: these kinds, and no other that counts. */
const scenes: { name: string; shows: { film: Film; seconds: number }[]; kinds: string[]; says?: RegExp }[] = [
  { name: "one person", shows: [{ film: films.one, seconds: 4 }], kinds: [] },
  { name: "nobody", shows: [{ film: films.nobody, seconds: 4 }], kinds: ["no_face"], says: /sit in front of the camera/ },
  { name: "two people", shows: [{ film: films.two, seconds: 4 }], kinds: ["several_faces"] },
  { name: "a frozen picture", shows: [{ film: films.frozen, seconds: 1 }], kinds: ["frozen"] },
];

for (const { name, shows, kinds, says } of scenes) {
  test(`${name}: ${kinds.join(", ") || "nothing"} is noted`, async ({ world, browser }) => {
    const { id, joinUrl } = await world.api.create({ name: `Cam ${name}`, questions, proctored: true, textTimer: 600 });
    const [camera, candidate] = await before(browser, joinUrl, ...shows);
    try {
      await candidate.begin(questions[0].text);
      await expect(candidate.watched).not.toHaveText("Proctoring starts…", { timeout: 30_000 });
      if (says) await expect(candidate.watched).toContainText(says, { timeout: 30_000 });
      if (kinds.length > 0) {
        await until("it is noted", async () => (await counted(world, id)) > 0, 60_000);
      } else {
        await candidate.page.waitForTimeout(20_000);
      }
      console.log(name, JSON.stringify((await world.api.session(id)).session));
      expect(await counted(world, id)).toBe(kinds.length);
    } finally {
      await camera.close();
    }
  });
}

const counted = async (world: any, id: string) => (await world.api.session(id)).session.proctoring_violations_count;

/** A candidate before a camera that plays the film. */
async function before(
  browser: Browser,
  joinUrl: string,
  ...scenes: { film: Film; seconds: number }[]
): Promise<[Browser, Candidate]> {
  const camera = await watching(await film(browser, ...scenes));
  const context: BrowserContext = await camera.newContext({ permissions: ["camera", "microphone"] });
  const candidate = new Candidate(await context.newPage(), joinUrl);
  candidate.page.on("console", (message) => console.log("page:", message.text()));
  await candidate.open();
  return [camera, candidate];
}
