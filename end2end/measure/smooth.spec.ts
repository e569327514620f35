// How smooth the page stays that is watched, beside the same page unwatched.
import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import { film, films, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";

const MEASURED_MS = 15_000;

test.use({ store: "embedded", livekit: false });

/** The longest task of the page's own thread (ms; 0: none of 50 ms or more), and frames in a second, while somebody types. */
async function smoothness(page: Page): Promise<{ longest: number; frames: number }> {
  const measured = page.evaluate(async (ms) => {
    let longest = 0;
    let frames = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: "longtask" });
    const start = performance.now();
    let now = start;
    while (now - start < ms) {
      now = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
      frames += 1;
    }
    observer.disconnect();
    return { longest, frames: (frames * 1_000) / (now - start) };
  }, MEASURED_MS);
  let done = false;
  void measured.finally(() => (done = true)).catch(() => {});
  while (!done) await page.keyboard.type("All of it is typed as one types. ", { delay: 80 });
  return measured;
}

test("smoothness of the page", async ({ world, browser }) => {
  const questions = [{ text: "How smooth is it?" }];
  const figures: Record<string, number> = {};
  const file = await film(browser, { film: films.one, seconds: 3 });
  for (const proctored of [false, true]) {
    const { joinUrl } = await world.api.create({ name: "Smooth", questions, proctored, textTimer: 600 });
    const filmed = await watching(file);
    const context = await filmed.newContext({ permissions: ["camera", "microphone"] });
    const candidate = new Candidate(await context.newPage(), joinUrl);
    await candidate.open();
    await candidate.begin(questions[0].text);
    if (proctored) await expect(candidate.watched).toHaveText("Proctoring is on.", { timeout: 60_000 });
    await candidate.answerField.click();
    const { longest, frames } = await smoothness(candidate.page);
    const end = proctored ? "" : "_unproctored";
    figures[`main_thread_long_task${end}_ms`] = longest;
    figures[`frames_per_second${end}`] = frames;
    await filmed.close();
  }
  console.log(figures);
  if (process.env.FIGURES) writeFileSync(process.env.FIGURES, JSON.stringify(figures));
});
