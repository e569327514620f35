// What happens to a candidate's page, driven through the browser: left, pasted into, out of full screen, without its camera,
// without its screen. Each is told to the candidate and flagged, and nothing else is.
import type { Page } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import { type Shares, film, films, watching } from "../support/camera.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { expectAccessible, photograph } from "../support/looks.ts";
import { until } from "../support/wait.ts";

/** Of a job. */
interface Question {
  text: string;
  type?: "text" | "coding";
}

const questions = [{ text: "Which sign do you look out for?" }];

/** Flags come sooner than usual, so that a test need not wait for them. */
const policy = {
  share_screen: true,
  fullscreen: true,
  rules: Object.fromEntries(
    ["devtools", "fullscreen_left", "camera_off", "microphone_off", "share_ended", "partial_share"].map((kind) => [
      kind,
      { flag_after_ms: 3_000, note_after_ms: 1_000, escalate_after_ms: null, clear_after_ms: 500 },
    ]),
  ),
};

interface Opened {
  id: string;
  candidate: Candidate;
  /** Takes the permission for the camera back, as its symbol in the address bar does. */
  revokeCamera: () => Promise<void>;
  flagged: (kind: string) => Promise<unknown>;
}

const test = base.extend<{ open: (name: string, shares: Shares, asked?: Question[]) => Promise<Opened> }>({
  open: async ({ browser, world }, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use(async (name, shares, asked = questions) => {
      const jobId = await world.api.job({ title: "Sign painter", questions: asked, proctoring: { policy } });
      const { id, joinUrl } = await world.api.create({ name, questions: [], proctored: true, textTimer: 600, codingTimer: 600, jobId });
      const camera = await watching(await film(browser, { film: films.one, seconds: 3 }), shares);
      closing.push(() => camera.close());
      const context = await camera.newContext({
        permissions: ["camera", "microphone", "clipboard-read", "clipboard-write"],
        viewport: { width: 1280, height: 800 },
      });
      const candidate = new Candidate(await context.newPage(), joinUrl);
      await candidate.open();
      const devtools = await context.newCDPSession(candidate.page);
      // Else a page is told that it has the focus while it has not.
      await devtools.send("Emulation.setFocusEmulationEnabled", { enabled: false });
      await candidate.page.bringToFront();
      const flagged = (kind: string) =>
        until(`${kind} is flagged`, async () => (await world.api.flagged(id)).includes(kind), { timeout: 30_000 });
      const revokeCamera = async () => {
        const { targetInfo } = await devtools.send("Target.getTargetInfo");
        await (await camera.newBrowserCDPSession()).send("Browser.setPermission", {
          permission: { name: "camera" },
          setting: "denied",
          origin: new URL(joinUrl).origin,
          browserContextId: targetInfo.browserContextId,
        });
      };
      return { id, candidate, revokeCamera, flagged };
    });
    for (const close of closing) await close();
  },
});

/** Is away from the page until it has said so. */
async function leave(candidate: Candidate, other: Page): Promise<void> {
  await other.bringToFront();
  await expect(candidate.watched).toContainText("You left this window.");
  await candidate.page.bringToFront();
  await expect(candidate.watched).not.toContainText("You left this window.");
}

test("tabs that are switched, pasted text, full screen that is left, a camera that is taken away", async ({ world, admin, open }) => {
  const { id, candidate, revokeCamera, flagged } = await open("Tab Switcher", "monitor");
  const { page } = candidate;
  await expect(page.getByText("Your screen is shown live to the hiring team, if you share it.")).toBeVisible();
  await candidate.consent();
  await expect(page.getByText("The picture of your face was taken.")).toBeVisible({ timeout: 30_000 });
  await candidate.button("Share my screen").click();
  await expect(page.getByText("Your screen is shared")).toBeVisible();
  await candidate.checkDevices();
  await expect(page.getByText("Go to full screen"), "starting does it").toBeHidden();
  await candidate.start(questions[0].text);
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);

  await admin.page.goto(`/admin/session/${id}`);
  const screen = admin.page.getByTestId("live-screen");
  await expect(screen).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.5);

  const other = await page.context().newPage();
  await other.setContent("<title>Notes</title><textarea>Copied from notes that were written long before.</textarea>");
  await page.bringToFront();
  await leave(candidate, other);
  await leave(candidate, other);
  await flagged("window_exit");

  await other.bringToFront();
  await other.getByRole("textbox").press("Control+a");
  await other.getByRole("textbox").press("Control+c");
  await page.bringToFront();
  await candidate.answerField.press("Control+v");
  await expect(candidate.answerField).toHaveValue("Copied from notes that were written long before.");
  await flagged("paste");

  await page.evaluate(() => document.exitFullscreen());
  await expect(candidate.watched).toContainText("You left full screen.");
  await flagged("fullscreen_left");
  await candidate.button("Go to full screen").click();
  await expect(candidate.button("Go to full screen")).toHaveCount(0);
  await expect(candidate.watched).not.toContainText("You left full screen.");

  // The microphone goes with it.
  await revokeCamera();
  await expect(page.getByText("Your camera stopped")).toBeVisible();
  await expect(candidate.watched).toContainText("Your camera is off.");
  await flagged("camera_off");

  await candidate.answer("The one that is not there.");
  await candidate.isDone();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement === null)).toBe(true);
  const kinds = ["camera_off", "fullscreen_left", "microphone_off", "paste", "window_exit"];
  expect([...new Set(await world.api.flagged(id))].sort()).toEqual(kinds);
});

test("what is moved within an answer is not brought along, and what is taken from elsewhere is", async ({ world, open }) => {
  const asked: Question[] = [questions[0], { text: "Sort them.", type: "coding" }];
  const { id, candidate, flagged } = await open("Line Mover", "monitor", asked);
  const { page } = candidate;
  const { keyboard } = page;
  const pasted = async () => (await world.api.violations(id)).filter(({ kind }) => kind === "paste");
  await candidate.begin(asked[0].text);
  await candidate.answerField.fill("One of these words stands in the wrong place here");
  for (const key of ["Control+a", "Control+x", "Control+v", "Control+a", "Control+c", "End", "Control+v"]) {
    await candidate.answerField.press(key);
  }
  await expect(candidate.answerField).toHaveValue(/here.*One of these.*here$/);
  await candidate.submitButton.click();
  await candidate.isAsked(asked[1].text);

  await expect(candidate.editor).toBeVisible();
  await candidate.answerField.focus();
  await keyboard.insertText("let first = sorted_by_name(all_of_them);\nlet second = sorted_by_age(all_of_them);\n");
  // With nothing selected the editor takes the line.
  for (const key of ["Control+Home", "Control+x", "Control+End", "Control+v"]) await keyboard.press(key);
  await expect(candidate.written).toHaveValue(/^let second.*\nlet first/);
  await page.evaluate(() => navigator.clipboard.writeText("for everything that was written down somewhere else"));
  await keyboard.press("Control+v");
  await flagged("paste");
  expect((await pasted()).length, JSON.stringify(await pasted())).toBe(1);
});

test("a screen that is shared in part, and then no more", async ({ world, open }) => {
  const { id, candidate, flagged } = await open("Part Sharer", { tab: "Shared" });
  const { page } = candidate;
  await candidate.consent();
  await candidate.checkDevices();
  await candidate.start(questions[0].text);
  // What was asked for and did not come about counts as well.
  await expect(candidate.watched).toContainText("Your screen is not shared");
  const other = await page.context().newPage();
  await other.setContent("<title>Shared</title><h1>Something to see</h1>");
  await page.bringToFront();
  await candidate.button("Share my screen").click();
  await expect(page.getByText("Only a window or a tab is shared")).toBeVisible();
  await expect(candidate.watched).toContainText("Please share the whole screen");
  await flagged("partial_share");
  await other.close();
  await expect(page.getByText("Your screen is not shared any more", { exact: true })).toBeVisible();
  await flagged("share_ended");
  await candidate.answer("That it ends.");
  await candidate.isDone();
  expect([...new Set(await world.api.flagged(id))].sort()).toEqual(["partial_share", "share_ended"]);
});

test("a browser that cannot share a screen is noted with its reason, and not flagged", async ({ world, candidate }) => {
  const jobId = await world.api.job({ title: "Sign carrier", questions, proctoring: { policy } });
  const { id, joinUrl } = await world.api.create({ name: "Phil Phone", questions, proctored: true, jobId });
  const phil = await candidate(joinUrl, {}, "delete MediaDevices.prototype.getDisplayMedia;");
  await phil.consent();
  await expect(phil.page.getByText("This browser cannot share a screen")).toBeVisible();
  await photograph(phil.page, "notice-share-impossible-1");
  await phil.checkDevices();
  await phil.start(questions[0].text);
  await expectAccessible(phil.page, "a question where no screen can be shared");
  await photograph(phil.page, "notice-share-impossible-2");
  const noted = async () => (await world.api.violations(id)).find(({ kind }) => kind === "share_ended");
  const found = await until("it is noted", noted, { timeout: 30_000 });
  expect(found.detail).toContain("cannot share a screen");
  // Nobody is in the picture, which takes longer than a screen that is not shared.
  await until("nobody is flagged", async () => (await world.api.flagged(id)).includes("no_face"), { timeout: 60_000 });
  expect(await world.api.flagged(id)).not.toContain("share_ended");
});

test("no screen is captured after the end, wherever that finds the candidate", async ({ world, candidate }) => {
  const jobId = await world.api.job({ title: "Sign reader", questions, proctoring: { policy } });
  const open = async (name: string, script = "") => {
    const { id, joinUrl } = await world.api.create({ name, questions, proctored: true, jobId });
    const page = await candidate(joinUrl, {}, `window.screens = []; window.chosen = undefined;
      MediaDevices.prototype.getDisplayMedia = async () => {
        await window.chosen;
        const canvas = document.createElement("canvas");
        canvas.getContext("2d");
        const stream = canvas.captureStream(1);
        window.screens.push(...stream.getTracks());
        return stream;
      }; ${script}`);
    await page.consent();
    const states = () => page.page.evaluate("window.screens.map(({ readyState }) => readyState)");
    return { id, page, states };
  };

  // Deleted while devices are checked.
  const deleted = await open("Dela Deleted");
  await deleted.page.button("Share my screen").click();
  await expect.poll(deleted.states).toEqual(["live"]);
  await world.api.delete(deleted.id);
  await expect.poll(deleted.states).toEqual(["ended"]);

  // Ended while the browser asks which screen.
  const late = await open("Lara Late", "window.chosen = new Promise((resolve) => (window.choose = resolve));");
  await late.page.checkDevices();
  await late.page.start(questions[0].text);
  await late.page.button("Share my screen").click();
  await world.api.end(late.id);
  await late.page.isDone();
  await late.page.page.evaluate("window.choose()");
  await expect.poll(late.states).toEqual(["ended"]);

  // Taken over by another tab.
  const first = await open("Tom Two");
  await first.page.checkDevices();
  await first.page.button("Share my screen").click();
  await expect.poll(first.states).toEqual(["live"]);
  const second = await first.page.page.context().newPage();
  await second.goto(first.page.joinUrl);
  await expect(first.page.pausedNotice).toBeVisible();
  await expect.poll(first.states).toEqual(["ended"]);
});

test("tools that were open before the page are suspected, and a zoom is not", async ({ world, candidate }) => {
  const jobId = await world.api.job({ title: "Tool maker", questions, proctoring: { policy: { rules: policy.rules } } });
  const open = async (name: string, sizes: string) => {
    const { id, joinUrl } = await world.api.create({ name, questions, proctored: true, jobId });
    const page = await candidate(joinUrl, {}, `Object.defineProperties(window, { ${sizes} });`);
    await page.begin(questions[0].text);
    return { id, page };
  };
  const zoomed = await open("Zoe Zoomed", "outerWidth: { get: () => innerWidth * 2 }, outerHeight: { get: () => innerHeight * 2 + 130 }");
  const docked = await open("Dora Docked", "outerWidth: { get: () => innerWidth }, outerHeight: { get: () => innerHeight + 500 }");
  await until("it is flagged", async () => (await world.api.flagged(docked.id)).includes("devtools"), { timeout: 60_000 });
  await zoomed.page.answer("None.");
  await zoomed.page.isDone();
  expect(await world.api.flagged(zoomed.id)).not.toContain("devtools");
});
