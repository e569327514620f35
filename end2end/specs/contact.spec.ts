// Whether the candidate is there, and the time that an outage takes: given back when it is nobody's fault. Without LiveKit,
// which would still see the candidate.
import type { Candidate } from "../pages/candidate.ts";
import { expect, test } from "../support/fixtures.ts";

test.use({ livekit: false });

const QUESTIONS = [{ text: "Can you hear us?" }, { text: "And now?" }];
const textTimer = 600;

/** No camera and no microphone. */
const NO_DEVICES = `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("made up by a test", "NotFoundError"));`;

test.afterEach(async ({ world }) => {
  world.network.mend();
  if (!world.server.isRunning) await world.server.start();
});

async function begin(one: Candidate): Promise<void> {
  await one.consent();
  await one.goOnWithout();
  await one.start(QUESTIONS[0].text);
}

/** Seconds that the clock says were added. */
async function added(one: Candidate): Promise<number> {
  const words = await one.page.getByText(/^\d+\sseconds added$/).innerText();
  return Number.parseInt(words);
}

/** Waits until the clock has gone on by `seconds`. */
async function clockGoesOn(one: Candidate, seconds: number): Promise<void> {
  const before = await one.timeLeft();
  await expect.poll(() => one.timeLeft()).toBeLessThanOrEqual(before - seconds);
}

test("the admin sees at once whether the candidate is there, looks away, is lost, or left", async ({ world, candidate, admin }) => {
  const { id, joinUrl, name } = await world.api.create({ name: "Petra Present", questions: QUESTIONS, textTimer });
  await admin.openSession(id);
  await expect(admin.contact).toHaveText("Waiting");
  const petra = await candidate(joinUrl, {}, NO_DEVICES);
  await expect(admin.contact).toContainText("Online");
  await begin(petra);

  await test.step("away while the page is hidden", async () => {
    // Playwright keeps every page visible, so the page is told otherwise.
    const hide = (hidden: boolean) =>
      petra.page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    await expect(admin.contact).toContainText(/Away for 0:0\d/);
    await hide(false);
    await expect(admin.contact).toContainText("Online");
  });

  await test.step("lost while nothing comes through, though nobody hung up", async () => {
    world.network.silence();
    await expect(admin.contact).toContainText(/Lost for 0:(0[7-9]|1\d)/, { timeout: 20_000 });
    const dashboard = await admin.page.context().newPage();
    await dashboard.goto("/admin");
    await expect(dashboard.getByRole("row").filter({ hasText: name })).toContainText("Lost for");
    await dashboard.close();
    world.network.mend();
    await expect(admin.contact).toContainText("Online");
  });

  await test.step("left when the page is closed", async () => {
    await petra.page.close();
    await expect(admin.contact).toContainText("Left the page");
  });

  await admin.openTimeline();
  for (const line of [
    "The candidate looked at something else",
    "The candidate was back at the page",
    "The connection to the candidate's page was lost",
    "The candidate left the page",
  ]) {
    await expect(admin.timeline).toContainText(line);
  }
});

test("time that an outage takes is given back", async ({ world, candidate, admin }) => {
  const { network, server, api } = world;
  const { id, joinUrl, invite } = await api.create({ name: "Fay Fair", questions: QUESTIONS, textTimer });
  const fay = await candidate(joinUrl, {}, NO_DEVICES);
  await begin(fay);
  await fay.answerField.focus();
  await admin.openSession(id);
  await admin.openTimeline();
  const deadline = async () => (await api.rpc("load_interview", { invite })).body.question.deadline;
  const first = await deadline();
  let byNetwork = 0;

  await test.step("of the network", async () => {
    network.cut();
    await fay.page.keyboard.type("I cannot hear you");
    await expect(fay.offlineNotice).toBeVisible();
    await clockGoesOn(fay, 5);
    network.mend();
    await expect(fay.page.getByText(/^\d+\sseconds added$/)).toBeVisible();
    byNetwork = await added(fay);
    expect(byNetwork).toBeGreaterThanOrEqual(5);
    await expect.poll(() => fay.timeLeft(), "the clock has it again").toBeGreaterThan(textTimer - 20);
    expect(Math.floor(((await deadline()) - first) / 1000)).toBe(byNetwork);
    await expect(admin.timeline).toContainText(/Question 1: 0:\d\d given back, because the connection was lost for 0:\d\d/);
    await expect(admin.time).toContainText(`${byNetwork} seconds given back for outages so far.`);
    await fay.isSaved();
  });

  await test.step("of the server", async () => {
    await server.kill();
    await fay.page.keyboard.type(", nor you");
    await expect(fay.offlineNotice).toBeVisible();
    await clockGoesOn(fay, 5);
    await server.start();
    await expect.poll(() => added(fay)).toBeGreaterThanOrEqual(byNetwork + 5);
    await expect(admin.timeline).toContainText(/Question 1: 0:\d\d given back, because the server was interrupted for 0:\d\d/);
    await fay.isSaved();
    await expect(fay.answerField).toHaveValue("I cannot hear you, nor you");
    await expect(fay.answerField).toBeFocused();
  });

  await fay.submitButton.click();
  await fay.isAsked(QUESTIONS[1].text);
  await expect(fay.page.getByText("added"), "it was for the first question").toHaveCount(0);
  await fay.answer("Yes");
  await fay.isDone();
});

test("a browser forgets what was written for an interview that is no more", async ({ world, candidate }) => {
  const { network, api } = world;
  const { id, joinUrl } = await api.create({ name: "Gwen Gone", questions: QUESTIONS, textTimer });
  const gwen = await candidate(joinUrl, {}, NO_DEVICES);
  await begin(gwen);
  const kept = () => gwen.keeps("drafts");
  network.cut();
  await gwen.write("It never got there.");
  await expect.poll(kept, "the browser has it").toBe(1);
  await api.delete(id);
  network.mend();
  await expect(gwen.page.getByRole("heading", { name: "This link does not work" })).toBeVisible({ timeout: 20_000 });
  await expect.poll(kept, "and has it no more").toBe(0);
});
