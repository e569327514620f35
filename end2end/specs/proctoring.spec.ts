// Proctoring in the candidate's browser. Its made-up camera shows no face, unless a film does.
import { Candidate } from "../pages/candidate.ts";
import { film, films, show, stage, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { voices } from "../support/voices.ts";
import { until } from "../support/wait.ts";

// What watches is the point here, not what is watched live.
test.use({ livekit: false });

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
  await expect(watched.page.getByText("are erased 30 days after the end of the interview")).toBeVisible();
  await expect(watched.page.getByRole("link", { name: "your record" })).toHaveAttribute("href", /^\/i\/.+\/record$/);
  const free = await candidate((await world.api.create({ name: "Fred Free", questions })).joinUrl);
  await expect(free.page.getByText("The interview is proctored.")).toHaveCount(0);
});

test("where the worker cannot be loaded the interview goes on and says so", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Wim Workerless", questions, proctored: true });
  const wim = await candidate(joinUrl, {}, `window.Worker = class { constructor() { throw new Error("made up by a test"); } };`);
  await wim.begin(questions[0].text);
  await expect(wim.watched).toContainText("Proctoring does not work at the moment. The interview goes on");
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

test("a face that is seen well is captured, and what happens to it is told", async ({ world, browser, candidate }) => {
  const { joinUrl, invite } = await world.api.create({ name: "Fay Face", questions, proctored: true });
  const fay = await candidate(joinUrl, {}, await stage(browser, "one", "nobody"));
  await fay.consent();
  await expect(fay.page.getByText("The picture of your face was taken.")).toBeVisible({ timeout: 30_000 });
  const { body } = await world.api.rpc("load_interview", { invite });
  expect(body).toMatchObject({ reference_at: expect.any(Number), keep_days: 30 });
  // Whoever sat there the first time may have been somebody else.
  await fay.page.reload();
  const takenAgain = async () => (await world.api.rpc("load_interview", { invite })).body.reference_at > body.reference_at;
  await until("another picture is taken at the next visit", takenAgain, { timeout: 30_000 });
  await expect(fay.page.getByText("The picture of your face was taken.")).toBeVisible();
  await fay.checkDevices();
  await fay.start(questions[0].text);
  await expect(fay.watched).toHaveText("Proctoring is on.");
  await show(fay.page, "nobody");
  await expect(fay.watched).toContainText("We cannot see you. Please sit in front of the camera.", { timeout: 60_000 });
  await expect(fay.watched).toContainText("It is being noted.");
  await show(fay.page, "one");
  await expect(fay.watched).toHaveText("Proctoring is on.", { timeout: 60_000 });
});

test("where the models cannot be loaded signals are reported alone, and the page says so", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Bea Blind", questions, proctored: true });
  const bea = await candidate("about:blank");
  await bea.page.context().route(/\.onnx$/, (route) => route.abort());
  await bea.page.goto(joinUrl);
  await bea.consent();
  await expect(bea.page.getByText("The picture cannot be looked at right now.").or(bea.page.getByText("was taken"))).toBeVisible();
  await bea.checkDevices();
  await bea.start(questions[0].text);
  await expect(bea.watched).toContainText("only other signs are noted");
  await bea.paste("Brought along from somewhere else, word for word.");
  await expect(bea.watched).toHaveText("Pasted text is noted. Please write in your own words.");
  await expect(bea.watched).toContainText("only other signs are noted");
});

test("a page that a new version of the server cannot bring to watch is told so, and is not accused", async ({ world, admin, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Olga Older", questions, proctored: true });
  const olga = await candidate(joinUrl);
  // All that an older version named is gone.
  await olga.page.context().route(/\/pkg\//, (route) => route.fulfill({ status: 404 }));
  await olga.begin(questions[0].text);
  await expect(olga.watched).toHaveText("This page is older than the server. Please load it anew; what you wrote is kept.");
  await until("the server knows why", async () => {
    await admin.page.goto(`/admin/session/${id}/proctoring`);
    return admin.page.getByText("Proctoring failed").isVisible();
  });
});

test("what fails to load at first is loaded later", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Trudy Try", questions, proctored: true });
  const trudy = await candidate("about:blank");
  const failed = new Set<string>();
  await trudy.page.context().route(PROCTORING, (route) => {
    const [name] = PROCTORING.exec(route.request().url()) ?? [""];
    if (failed.has(name)) return route.continue();
    failed.add(name);
    return route.abort();
  });
  await trudy.page.goto(joinUrl);
  await trudy.begin(questions[0].text);
  await expect(trudy.watched).toContainText("Please sit in front of the camera.", { timeout: 60_000 });
  expect(failed.size).toBe(5);
});

test("looks that fail are tried afresh", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Lois Look", questions, proctored: true });
  const lois = await candidate("about:blank");
  await lois.page.context().route(/\/pkg\/proctor-[^/]+\.js$/, async (route) => {
    const script = await (await route.fetch()).text();
    const failing = script.replace("watch.look(", "(self.looks = (self.looks ?? 0) + 1) < 4 ? nothing : watch.look(");
    expect(failing).not.toBe(script);
    await route.fulfill({ body: failing, contentType: "text/javascript" });
  });
  await lois.page.goto(joinUrl);
  await lois.consent();
  await expect(lois.page.getByText("The picture cannot be looked at right now.")).toBeVisible();
  await expect(lois.page.getByText("Your face is not seen yet.")).toBeVisible({ timeout: 30_000 });
});

test("somebody else who takes over is noticed", async ({ world, browser, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Otto Other", questions, proctored: true, textTimer: 600 });
  const otto = await candidate(joinUrl, {}, await stage(browser, "one", "another"));
  await otto.consent();
  await expect(otto.page.getByText("The picture of your face was taken.")).toBeVisible({ timeout: 30_000 });
  await otto.checkDevices();
  await otto.start(questions[0].text);
  await show(otto.page, "another");
  await until("it is flagged", async () => (await world.api.flagged(id)).includes("another_person"), { timeout: 120_000 });
});

test("two voices that take turns are noted, for information only", async ({ world, browser }) => {
  const { id, joinUrl } = await world.api.create({ name: "Vera Voices", questions, proctored: true, textTimer: 600 });
  const room = await watching(await film(browser, { film: films.one, seconds: 3 }), "monitor", voices([115, 205]));
  try {
    const context = await room.newContext({ permissions: ["camera", "microphone"] });
    const vera = new Candidate(await context.newPage(), joinUrl);
    await vera.open();
    await vera.begin(questions[0].text);
    const heard = async () => (await world.api.violations(id)).find(({ kind }) => kind === "voices");
    const found = await until("the voices are noted", heard, { timeout: 90_000 });
    expect(found.counts).toBe(false);
    await expect(vera.watched).toHaveText("Proctoring is on.");
  } finally {
    await room.close();
  }
});

test("after the end nothing watches and nothing is kept", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Enno Ended", questions, proctored: true });
  const enno = await candidate(joinUrl, {}, `window.heard = []; window.AudioContext = class extends AudioContext {
    constructor() { super(); window.heard.push(this); }
  };`);
  const listening = () => enno.page.evaluate("window.heard.filter(({ state }) => state !== 'closed').length");
  await enno.begin(questions[0].text);
  await expect(enno.watched).not.toHaveText("Proctoring starts…");
  await expect.poll(() => enno.page.workers().length).toBe(1);
  await expect.poll(listening).not.toBe(0);
  await enno.answer("By asking for help in time.");
  await enno.isDone();
  await expect.poll(() => enno.page.workers().length).toBe(0);
  await expect.poll(listening).toBe(0);
  expect(await enno.keeps("logs")).toBe(0);
});

test("a browser's database that hangs keeps nobody waiting: what the server asks for comes", async ({ world, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Hank Hanging", questions, proctored: true, textTimer: 600 });
  const hank = await candidate("about:blank");
  await hank.page.addInitScript(() => (IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest));
  await hank.page.context().route(/\/pkg\/proctor-[^/]+\.js$/, async (route) => {
    const script = await (await route.fetch()).text();
    await route.fulfill({ body: `IDBFactory.prototype.open = () => ({});${script}`, contentType: "text/javascript" });
  });
  await hank.page.goto(joinUrl);
  await hank.begin(questions[0].text);
  // Nobody is in the picture. A queue that grows would be minutes late by then.
  await until("checks are answered", async () => (await world.api.checks(id)) >= 6, { timeout: 150_000 });
  const flagged = await world.api.flagged(id);
  expect(flagged).toContain("no_face");
  expect(flagged).not.toContain("contradiction");
  expect(flagged).not.toContain("unwatched");
  for (const [at, { text }] of questions.entries()) {
    await hank.page.getByText(text).waitFor();
    await hank.answer(`Without a database, answer ${at}.`);
  }
  await hank.isDone();
});

test("an interview that is deleted leaves nothing in the browser", async ({ world, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Gus Gone", questions, proctored: true });
  const gus = await candidate(joinUrl);
  await gus.begin(questions[0].text);
  await expect.poll(() => gus.keeps("logs")).toBe(1);
  await world.api.delete(id);
  await expect.poll(() => gus.page.workers().length).toBe(0);
  await expect.poll(() => gus.keeps("logs")).toBe(0);
});
