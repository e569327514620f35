// Proctoring in the candidate's browser. Its made-up camera shows no face.
import { expect, test } from "../support/fixtures.ts";

const questions = [{ text: "How do you keep a promise to a team?" }];

/** What only a proctored interview loads. */
const PROCTORING = /\/pkg\/(watching|proctor|proctor_worker_bg|blazeface|facemesh)-/;

for (const proctored of [true, false]) {
  test(`what watches is ${proctored ? "loaded after the consent" : "never loaded"} where proctored is ${proctored}`, async ({ world, candidate }) => {
    const { joinUrl } = await world.api.create({ name: "Lena Loader", questions, proctored });
    const lena = await candidate("about:blank");
    const loaded: string[] = [];
    lena.page.on("request", (request) => PROCTORING.test(request.url()) && loaded.push(request.url()));
    await lena.page.goto(joinUrl);
    await expect(lena.button("Agree and continue")).toBeEnabled();
    expect(loaded).toEqual([]);
    await lena.begin(questions[0].text);
    if (proctored) {
      await expect(lena.watched).not.toHaveText("Proctoring starts…");
      expect(loaded).not.toEqual([]);
    } else {
      await expect(lena.watched).toHaveCount(0);
      expect(loaded).toEqual([]);
    }
  });
}

test("the consent says what is recorded, which differs where nothing is proctored", async ({ world, candidate }) => {
  const watched = await candidate((await world.api.create({ name: "Petra Proctored", questions, proctored: true })).joinUrl);
  await expect(watched.page.getByText("The interview is proctored.")).toBeVisible();
  await expect(watched.page.getByText("are erased 30 days after the interview")).toBeVisible();
  await expect(watched.page.getByRole("link", { name: "your record" })).toHaveAttribute("href", /^\/i\/.+\/record$/);
  const free = await candidate((await world.api.create({ name: "Fred Free", questions })).joinUrl);
  await expect(free.page.getByText("The interview is proctored.")).toHaveCount(0);
});

test("where the worker cannot be loaded the interview goes on and says so", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Wim Workerless", questions, proctored: true });
  const wim = await candidate(joinUrl, {}, `window.Worker = class { constructor() { throw new Error("made up by a test"); } };`);
  await wim.begin(questions[0].text);
  await expect(wim.watched).toContainText("Proctoring does not work in this browser. The interview goes on");
  await wim.answer("By saying early when I cannot.");
  await wim.isDone();
});

test("an empty chair is told calmly, and does not move the page", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Nina Nobody", questions, proctored: true });
  const nina = await candidate(joinUrl);
  await nina.begin(questions[0].text);
  const field = await nina.answerField.boundingBox();
  await expect(nina.watched).toContainText("Please sit in front of the camera.", { timeout: 60_000 });
  expect(await nina.answerField.boundingBox()).toEqual(field);
  await nina.answer("I write it down.");
  await nina.isDone();
  await expect(nina.page.getByRole("link", { name: "your record" })).toBeVisible();
});
