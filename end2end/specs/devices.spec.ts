// When camera or microphone cannot be used, and when the link is wrong.
import { Candidate } from "../pages/candidate.ts";
import { expect, test } from "../support/fixtures.ts";
import { photograph } from "../support/looks.ts";
import { until } from "../support/wait.ts";

const questions = [{ text: "What do you do when the camera fails?" }];

/** Makes every request for camera or microphone fail as browsers do. */
const refusing = (name: string) =>
  `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("made up by a test", "${name}"));
   navigator.permissions.query = () => Promise.resolve({ state: "denied" });`;

for (const [error, words] of [
  ["NotAllowedError", "Your camera is blocked for this page"],
  ["NotFoundError", "No camera was found"],
  ["NotReadableError", "Your camera is used by another program"],
] as const) {
  test(`after ${error} the candidate is told what to do and can go on without`, async ({ world, candidate }) => {
    const { joinUrl, invite } = await world.api.create({ name: `Nora ${error}`, questions });
    const nora = await candidate(joinUrl, {}, refusing(error));
    await nora.consent();
    await expect(nora.page.getByText(words)).toBeVisible();
    await expect(nora.button("Try again")).toBeEnabled();
    await photograph(nora.page, `notice-${error}`);
    await nora.button("Go on without camera and microphone").click();
    await nora.start(questions[0].text);
    const { body } = await world.api.rpc("load_interview", { invite });
    expect(body.devices).toEqual({ camera: false, microphone: false });
  });
}

test("the admin sees who goes on without camera, and a second try can succeed", async ({ world, candidate, admin }) => {
  const { id, joinUrl, invite } = await world.api.create({ name: "Ned Nocam", questions });
  // The camera is in use at first; the microphone works.
  const script = `
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wish) =>
      wish.video && !window.freed ? Promise.reject(new DOMException("made up by a test", "NotReadableError")) : ask(wish);`;
  const ned = await candidate(joinUrl, {}, script);
  await ned.consent();
  await expect(ned.page.getByText("Your microphone works")).toBeVisible();
  await expect(ned.page.getByText("Your camera is used by another program")).toBeVisible();
  await ned.button("Go on without camera").click();
  await expect(ned.heading("Ready when you are")).toBeVisible();
  await admin.openSession(id);
  await admin.seesDevices("without camera");

  await ned.page.evaluate("window.freed = true");
  await ned.button("Switch on camera and microphone").click();
  await expect(ned.button("Switch on camera and microphone")).toBeHidden();
  await until("the server knows", async () => (await world.api.rpc("load_interview", { invite })).body.devices.camera);
  await admin.seesDevices("camera and microphone work");
  await admin.videoPlays();
});

test("an interview that is open twice says so, and either page can take over", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Tara Twotabs", questions });
  const tara = await candidate(joinUrl);
  await tara.begin(questions[0].text);
  await tara.linkIs("Live");
  const second = new Candidate(await tara.page.context().newPage(), joinUrl);
  await second.open();
  await second.linkIs("Live");
  await tara.linkIs("Open elsewhere");
  await tara.button("Use this one").click();
  await tara.linkIs("Live");
  await second.linkIs("Open elsewhere");
});

test("a page that is no secure context says so", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Ivan Insecure", questions });
  const ivan = await candidate(joinUrl, {}, `Object.defineProperty(navigator, "mediaDevices", { value: undefined });`);
  await ivan.consent();
  await expect(ivan.page.getByText("The browser gives this page no camera")).toBeVisible();
  await expect(ivan.button("Go on without camera and microphone")).toBeEnabled();
});

test("a wrong link is answered with 404 and plain words", async ({ world, page }) => {
  const { joinUrl } = await world.api.create({ name: "Wanda Wrong", questions });
  const last = joinUrl.at(-5) === "A" ? "B" : "A";
  for (const wrong of [`${joinUrl.slice(0, -5)}${last}${joinUrl.slice(-4)}`, joinUrl.slice(0, -3), `${joinUrl}x`]) {
    const response = await page.goto(wrong);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "This link does not work" })).toBeVisible();
    await expect(page.locator("body")).not.toContainText("Wanda");
  }
});
