// One proctored interview from the first picture of the face to the deletion of all pictures, over each store.
import type { Page } from "@playwright/test";
import type { Violation } from "../support/api.ts";
import { show, stage } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";
import { KIND, is } from "../support/wire.ts";

const QUESTIONS = [{ text: "Whom do you trust?" }, { text: "And who trusts you?" }];

/** An empty chair is flagged sooner than usual. */
const policy = { rules: { no_face: { warn_after_ms: 1_000, flag_after_ms: 2_000, escalate_after_ms: null } } };

const SOON = { timeout: 60_000 };

/** Counts the pictures of the face that the page sends, and those that the server refuses. */
function references(page: Page): { sent: number; refused: number } {
  const counted = { sent: 0, refused: 0 };
  page.on("websocket", (socket) => {
    if (!socket.url().endsWith("/ws/interview")) return;
    socket.on("framesent", ({ payload }) => (counted.sent += Number(is(payload, KIND.reference))));
    socket.on("framereceived", ({ payload }) => (counted.refused += Number(is(payload, KIND.referenceRefused))));
  });
  return counted;
}

/** Whether the picture was loaded and shows something. */
const isSeen = (image: HTMLImageElement): boolean => image.complete && image.naturalWidth > 0;

test.afterEach(({ world }) => world.network.mend());

test("a face that is taken at the second try, a flag with pictures, a log that comes after the end, and a deletion", async ({
  world,
  browser,
  admin,
  candidate,
}) => {
  const { api, network } = world;
  const { page } = admin;
  const jobId = await api.job({ title: "Notary", questions: QUESTIONS, proctoring: { policy } });
  const tess = await api.create({ name: "Tess Trusted", questions: QUESTIONS, proctored: true, jobId, textTimer: 600 });
  const flagged = (kind: string): Promise<Violation> =>
    until(`${kind} is flagged`, async () => (await api.violations(tess.id)).find((one) => one.kind === kind && one.counts), SOON);
  const counted = async () => (await api.session(tess.id)).session.proctoring_violations_count;
  const kinds = (report: any): string[] | undefined => report?.proctoring.violations.map(({ kind }: { kind: string }) => kind);

  const one = await candidate("about:blank", {}, await stage(browser, "nobody", "one"));
  const faces = references(one.page);
  // A page that cannot look takes any picture for one of the face.
  let looks = false;
  await one.page.context().route(/\.onnx$/, (route) => (looks ? route.continue() : route.abort()));
  await one.page.goto(tess.joinUrl);
  await one.consent();

  await test.step("a picture without a face is refused, and the page helps to take another one", async () => {
    await expect(one.page.getByText("The picture cannot be looked at right now.")).toBeVisible();
    await until("a picture is refused", () => faces.refused > 0, SOON);
    expect((await api.session(tess.id)).session.reference_face_captured).toBe(false);
    looks = true;
    await expect(one.page.getByText("Your face is not seen yet. Please sit in front of the camera.")).toBeVisible(SOON);
    const sent = faces.sent;
    await show(one.page, "one");
    await expect(one.page.getByText("The picture of your face was taken.")).toBeVisible(SOON);
    expect(faces.sent).toBeGreaterThan(sent);
    expect((await api.session(tess.id)).session.reference_face_captured).toBe(true);
  });

  const chair = await test.step("an empty chair is flagged, with pictures", async () => {
    await one.checkDevices();
    await one.start(QUESTIONS[0].text);
    await expect(one.watched).toHaveText("Proctoring is on.");
    await until("a face was compared", async () => (await api.checks(tess.id)) > 0, SOON);
    await show(one.page, "nobody");
    await expect(one.watched).toContainText("We cannot see you.", SOON);
    const { id } = await flagged("no_face");
    await show(one.page, "one");
    await expect(one.watched).toHaveText("Proctoring is on.", SOON);
    const pictures = async () => (await api.violations(tess.id)).find((violation) => violation.id === id && violation.stills.length > 0);
    const found = await until("there are pictures of it", pictures, SOON);
    await one.answer("Whoever keeps a promise.");
    await one.isAsked(QUESTIONS[1].text);
    return found;
  });

  await test.step("an admin sees faces, checks and pictures, and decides", async () => {
    await page.goto(`/admin/session/${tess.id}/proctoring`);
    const images = [
      page.getByAltText("The candidate at the device check"),
      page.getByAltText(/^The camera's picture at /).first(),
      page.locator(`#v-${chair.id} img`).first(),
    ];
    for (const image of images) {
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate(isSeen)).toBe(true);
    }
    await page.locator(`#v-${chair.id}`).getByRole("button", { name: "Confirm" }).click();
    await expect(page.locator(`#v-${chair.id}`)).toContainText(/confirmed/i);
    expect(await counted()).toBeGreaterThan(0);
  });

  await test.step("what the page could not send before the end comes later, and the report is made again", async () => {
    network.cut();
    await expect(one.offlineNotice).toBeVisible();
    await one.paste("Brought along from somewhere else, word for word.");
    await expect(one.watched).toContainText("Pasted text is noted.");
    await api.end(tess.id);
    const found = await until("the report is made", async () => kinds(await api.report(tess.id)), SOON);
    expect(found, JSON.stringify(await api.violations(tess.id))).toEqual(["no_face"]);
    expect(await counted()).toBe(1);
    network.mend();
    await one.isDone();
    await flagged("paste");
    // It is made once more for each part that comes, and away meanwhile.
    const report = await until("the report is made again, of the whole log", async () => {
      const report = await api.report(tess.id);
      return report?.proctoring.log_whole && report;
    }, SOON);
    expect(kinds(report)).toEqual(["no_face", "paste"]);
    expect(report.proctoring.reference_face_captured).toBe(true);
    expect(await counted()).toBe(2);
  });

  await test.step("with the interview all of it is deleted", async () => {
    const pictures = [`/admin/session/${tess.id}/reference`, ...chair.stills.map(({ path }) => path)];
    const statuses = () => Promise.all(pictures.map(async (path) => (await page.request.get(path)).status()));
    expect(new Set(await statuses())).toEqual(new Set([200]));
    await api.delete(tess.id);
    expect(new Set(await statuses())).toEqual(new Set([404]));
    expect((await page.request.get(`/admin/session/${tess.id}/proctoring`)).status()).toBe(404);
    expect((await one.page.goto(`${tess.joinUrl}/record`))?.status()).toBe(404);
    await expect(one.heading("This link does not work")).toBeVisible();
    await page.goto("/admin/review");
    await expect(page.locator("main")).not.toContainText(tess.name);
  });
});
