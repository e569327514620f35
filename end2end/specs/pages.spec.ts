// Every page as it looks: accessible, in both colour schemes, from small phones to wide screens.
// The pictures are in test-results/pages, in more widths and schemes with PICTURES=all; with UPDATE_SCREENSHOTS=1 the
// documentation's are made anew.
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import { Desk } from "../pages/desk.ts";
import { film, films, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible, photograph } from "../support/looks.ts";
import { docs } from "../support/programs.ts";
import { Receiver } from "../support/receiver.ts";
import { until } from "../support/wait.ts";

const QUESTIONS = [
  { text: "Tell us about a bug that took you long to find. What finally gave it away, and what did you change afterwards?" },
  { text: "Write a function that returns the two largest numbers of a list, in any language.", kind: "coding" as const },
  { text: "How do you decide that something is good enough?" },
];
const ANSWER =
  "A date that was right in winter and wrong in summer. A log line with both clocks gave it away; since then times are kept in UTC.";
const CODE = "def two_largest(numbers):\n    first, second = sorted(numbers)[-1:-3:-1]\n    return first, second\n";
const wish = { questions: QUESTIONS, textTimer: 600, codingTimer: 900 };

async function inspect(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await photograph(page, name);
}

test("pages that anybody sees", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle(/Parallel Interview/);
  await inspect(page, "landing");
  await page.goto("/admin/login");
  await inspect(page, "login");
  expect((await page.goto("/no/such/page"))?.status()).toBe(404);
  await inspect(page, "missing");
  expect((await page.goto("/i/wrong"))?.status()).toBe(404);
  await inspect(page, "wrong-invite");
});

test("a candidate's pages", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ ...wish, name: "Vera Visible" });
  const vera = await candidate(joinUrl, { viewport: { width: 1280, height: 900 } });
  const { page } = vera;
  await expect(vera.heading("Hello, Vera Visible")).toBeVisible();
  await inspect(page, "candidate-1-welcome");
  await vera.consent();
  await expect(page.getByText("Your camera works")).toBeVisible();
  // As in a mirror.
  await expect(page.getByTestId("self-view").locator("video")).toHaveCSS("transform", "matrix(-1, 0, 0, 1, 0, 0)");
  await inspect(page, "candidate-2-devices");
  await vera.checkDevices();
  await vera.linkIs("Live");
  await inspect(page, "candidate-3-ready");
  await vera.start(QUESTIONS[0].text);
  await vera.answerField.fill(ANSWER);
  await inspect(page, "candidate-4-text");
  await vera.submitButton.click();
  await vera.isAsked(QUESTIONS[1].text);
  await vera.write(CODE);
  await expect(vera.editor).toBeVisible();
  await vera.isSaved();
  await inspect(page, "candidate-5-code");
  await vera.button("Finish interview").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await inspect(page, "candidate-6-finish");
  await vera.button("Finish now").click();
  await vera.isDone();
  await inspect(page, "candidate-7-done");
});

test("an admin's pages", async ({ world, admin, candidate }) => {
  const { api } = world;
  const { page } = admin;
  const live = await api.create({ ...wish, name: "Lina Live" });
  await api.create({ ...wish, name: "Wilhelmina Featherstonehaugh-Cholmondeley von und zu Waiting" });
  const lina = await candidate(live.joinUrl);
  await lina.begin(QUESTIONS[0].text);
  await lina.answer(ANSWER);
  await lina.isAsked(QUESTIONS[1].text);

  await admin.openDashboard();
  await expect(admin.row(live.name)).toContainText("Live");
  await inspect(page, "admin-1-dashboard");
  await admin.act(live.name, "End");
  await inspect(page, "admin-2-dialog");
  await page.keyboard.press("Escape");
  await admin.openDashboard("?q=nobody%20of%20this%20name");
  await inspect(page, "admin-3-none");
  await page.goto("/admin/new");
  await expect(admin.heading("New interview")).toBeVisible();
  await inspect(page, "admin-4-new");
  await page.getByLabel("Name", { exact: true }).fill("Made Up");
  await page.getByLabel("E-mail address").fill("made.up@example.com");
  await page.getByRole("textbox", { name: "Question 1" }).fill("Why?");
  await admin.button("Create interview").click();
  await expect(admin.heading("The interview for Made Up is ready")).toBeVisible();
  await inspect(page, "admin-5-created");
  await admin.openSession(live.id);
  await admin.videoPlays();
  await inspect(page, "admin-6-live");
  await admin.say("Take all the time you need.");
  await expect(lina.messages).toBeVisible();
  await expect(admin.time).toContainText("More time for question 2");
  await admin.time.getByRole("button", { name: "+5 min" }).click();
  await lina.page.setViewportSize({ width: 360, height: 640 });
  await expect(lina.page.getByText("5 minutes added"), "on a phone, too").toBeVisible();
  await lina.button("Finish interview").scrollIntoViewIfNeeded();
  await expect(lina.clock).toBeInViewport();
  await expect(lina.messages).not.toBeInViewport();
  await lina.button("1 message").click();
  await expect(lina.messages, "the bar leads to it").toBeInViewport();
  await inspect(lina.page, "candidate-8-message");
  await admin.accommodations.click();
  await admin.openTimeline();
  await expect(admin.timeline).toContainText("extended by 5 minutes");
  await inspect(page, "admin-9-timeline");
  await lina.answer(CODE);
  await lina.isAsked(QUESTIONS[2].text);
  await api.end(live.id);
  await expect(page.getByText("Interview over")).toBeVisible();
  await expect(page.locator(".cam"), "the box goes with the video").toBeHidden();
  await inspect(page, "admin-7-completed");
  expect((await page.goto("/admin/session/00000000-0000-4000-8000-000000000000"))?.status()).toBe(404);
  await inspect(page, "admin-8-unknown");
});

test("words that are longer than a phone is wide break, on every page that shows them", async ({ world, admin, candidate }) => {
  const { api } = world;
  const { page } = admin;
  const address = `https://example.com/${"a-path-without-end/".repeat(8)}?and=parameters`;
  const questions = [{ text: `Please read ${address} and say what it is about.` }, { text: address }];
  const jobId = await api.job({ title: `Engineer for ${"donaudampfschifffahrts".repeat(4)}`, questions });
  const name = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaftschaferswessen";
  const { id, joinUrl, invite } = await api.create({ ...wish, name, email: `${"w".repeat(60)}@${"sub.".repeat(20)}example.com`, jobId });
  const one = await candidate(joinUrl);
  await inspect(one.page, "long-1-welcome");
  await one.begin(questions[0].text);
  await one.answerField.fill(address);
  await inspect(one.page, "long-2-question");
  await admin.openDashboard(`?q=${name}`);
  await inspect(page, "long-3-dashboard");
  await one.answer(address);
  await one.isAsked(questions[1].text);
  expect((await api.answer(invite, 1, address)).status).toBe(200);
  await one.isDone();
  await inspect(one.page, "long-4-done");
  await until("the report is made", async () => (await api.report(id)) !== undefined, { timeout: 30_000 });
  for (const [what, path] of [["5-session", ""], ["6-report", "/report"], ["7-proctoring", "/proctoring"]]) {
    await page.goto(`/admin/session/${id}${path}`);
    await inspect(page, `long-${what}`);
  }
  await page.goto("/admin/jobs");
  await inspect(page, "long-8-jobs");
  await page.goto(`/admin/jobs/${jobId}`);
  await inspect(page, "long-9-job");
});

test("the pages of a proctored interview", async ({ world, admin, browser }) => {
  const { api } = world;
  const { page } = admin;
  const proctoring = { policy: { share_screen: true, fullscreen: true } };
  const questions = QUESTIONS.map(({ text }) => ({ text }));
  const jobId = await api.job({ title: "Lighthouse keeper", questions, proctoring });
  const watched = await api.create({ ...wish, name: "Wanda Watched", jobId, proctored: true });
  const scenes = [{ film: films.one, seconds: 20 }, { film: films.nobody, seconds: 20 }];
  const camera = await watching(await film(browser, ...scenes));
  try {
    const context = await camera.newContext({ permissions: ["camera", "microphone"], viewport: { width: 1280, height: 900 } });
    const wanda = new Candidate(await context.newPage(), watched.joinUrl);
    await wanda.open();
    await expect(wanda.heading("Hello, Wanda Watched")).toBeVisible();
    await inspect(wanda.page, "proctored-1-welcome");
    await wanda.consent();
    await wanda.button("Share my screen").click();
    await expect(wanda.page.getByText("Your screen is shared")).toBeVisible();
    await expect(wanda.page.getByText("The picture of your face was taken.")).toBeVisible({ timeout: 60_000 });
    await inspect(wanda.page, "proctored-2-devices");
    await wanda.checkDevices();
    await wanda.start(QUESTIONS[0].text);
    await wanda.answerField.fill(ANSWER);
    await wanda.paste("Brought along from somewhere else, word for word.");
    const flagged = (kind: string) => until(`${kind} is flagged`, async () => (await api.flagged(watched.id)).includes(kind), { timeout: 90_000 });
    await flagged("paste");
    await flagged("no_face");
    await expect(wanda.watched).toContainText("Please");
    await inspect(wanda.page, "proctored-3-room");
    await admin.openSession(watched.id);
    await expect(page.getByTestId("live-screen")).toBeVisible({ timeout: 30_000 });
    await inspect(page, "proctored-4-session");
    // More than a phone is wide.
    await until("the server has looked often", async () => (await api.checks(watched.id)) >= 4, { timeout: 60_000 });
    await page.goto(`/admin/session/${watched.id}/proctoring`);
    // From a picture's place on the time axis to the picture and back, by keyboard.
    const tick = page.locator(".axis .still-at").first();
    await tick.focus();
    await page.keyboard.press("Enter");
    const picture = page.locator(".stills .face:target");
    await expect(picture).toBeVisible();
    await picture.getByRole("link", { name: "On the time axis" }).focus();
    await page.keyboard.press("Enter");
    await expect(page.locator(".axis .still-at:target")).toHaveCount(1);
    await inspect(page, "proctored-5-proctoring");
    await page.goto("/admin/review");
    await inspect(page, "proctored-6-review");
    for (const { text } of questions) {
      await wanda.isAsked(text);
      await wanda.answer(ANSWER);
    }
    await wanda.isDone();
    await wanda.page.getByRole("link", { name: "your record" }).click();
    await expect(wanda.heading(/record/i)).toBeVisible();
    await wanda.page.getByText(/^Show the log/).click();
    for (const observed of ["One face was seen", "Nobody was seen", /^Text was pasted: 49 characters$/, "The interview began"]) {
      await expect(wanda.page.getByRole("cell", { name: observed }).first()).toBeVisible();
    }
    await inspect(wanda.page, "proctored-7-record");
    const link = wanda.page.getByRole("link", { name: "Download what is kept about you" });
    const file = new URL((await link.getAttribute("href")) ?? "", wanda.page.url());
    const kept = await (await wanda.page.request.get(file.href)).json();
    const entries: { what: string }[] = kept.log;
    expect(entries.filter(({ what }) => what === "Nobody was seen").length).toBeGreaterThan(5);
    expect(kept.happened.map(({ what }: { what: string }) => what)).toContain("channel_opened");
  } finally {
    await camera.close();
  }
  await until("the report is made", async () => (await api.report(watched.id)) !== undefined, { timeout: 30_000 });
  await page.goto(`/admin/session/${watched.id}/report`);
  await inspect(page, "proctored-8-report");
  await page.goto(`/admin/jobs/${jobId}`);
  await inspect(page, "proctored-9-job");
});

test("an admin's pages for jobs, invitations, reports and webhooks", async ({ world, admin }) => {
  const { api } = world;
  const { page } = admin;
  const desk = new Desk(page);
  for (const [name, path] of [["jobs-none", "jobs"], ["invitations-none", "invitations"], ["webhooks-none", "webhooks"]]) {
    await page.goto(`/admin/${path}`);
    await inspect(page, `desk-${name}`);
  }
  const receiver = await Receiver.start();
  receiver.refuse("report.ready", 1);
  await desk.openWebhooks();
  await desk.addWebhook(receiver.url);
  await inspect(page, "desk-webhook-added");

  await page.goto("/admin/jobs/new");
  await page.getByLabel("Title").fill("Backend engineer for everything that has to do with dates, clocks and time zones");
  await desk.ask(1, { text: QUESTIONS[0].text, keyPoints: "3 | compares both clocks / logs both times\nkeeps times in UTC" });
  await desk.button("Add question").click();
  await desk.ask(2, { ...QUESTIONS[1], keyPoints: "goes through the list once", reference: CODE, language: "Python" });
  await desk.save();
  await inspect(page, "desk-job");
  await page.getByRole("link", { name: "Invite candidates" }).click();
  await inspect(page, "desk-invite");
  const long = "Wilhelmina Featherstonehaugh-Cholmondeley von und zu Waiting,wilhelmina.featherstonehaugh@example.com";
  await page.getByLabel("Candidates").fill(`Rosa Reported,rosa@example.com,+44 20 7946 0000\n${long}\nNora Nowhere,not an address`);
  await desk.button("Invite them").click();
  await expect(page.getByText("3 of 3 done")).toBeVisible();
  await inspect(page, "desk-invited");
  await page.goto("/admin/invitations");
  await inspect(page, "desk-invitations");
  await desk.openJobs();
  await inspect(page, "desk-jobs");
  await page.goto("/admin/jobs/import");
  await page.getByLabel("JSON").fill("{}");
  await desk.button("Import job").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await inspect(page, "desk-import");

  const rosa = (await api.sessions()).find((one) => one.user_details.name === "Rosa Reported");
  const id = rosa?.proctoring_session_id ?? "";
  await page.goto(`/admin/session/${id}/report`);
  await expect(page.getByText("The interview is not over")).toBeVisible();
  await inspect(page, "desk-report-none");
  await admin.openSession(id);
  const link = await page.getByLabel("Link for the candidate").inputValue();
  const invite = link.split("/").at(-1) ?? "";
  await api.rpc("give_consent", { invite });
  await api.rpc("start_interview", { invite });
  for (const [index, text] of [ANSWER, CODE].entries()) await api.answer(invite, index, text);
  await page.goto(`/admin/session/${id}/report`);
  await desk.reportIsReady();
  await desk.setScore(1, "9.5", "She explained it even better when we talked.");
  await expect(desk.graded(1)).toContainText("9.5 of 10, set by");
  await desk.reportIsReady();
  await inspect(page, "desk-report");
  await desk.openWebhooks();
  const tried = desk.row("report.ready").filter({ hasText: "2 attempts" });
  await expect(async () => {
    await page.reload();
    await tried.locator("summary").click();
    await expect(tried.getByRole("listitem")).toHaveCount(2);
  }, "a delivery is tried again").toPass();
  await inspect(page, "desk-webhooks");
  expect((await page.goto("/admin/jobs/no-such-job"))?.status()).toBe(404);
  await inspect(page, "desk-problem");
  await receiver.stop();
});

test("pictures for the documentation", async ({ world, admin, candidate }) => {
  test.skip(process.env.UPDATE_SCREENSHOTS !== "1", "made when UPDATE_SCREENSHOTS=1");
  const { api } = world;
  for (const { proctoring_session_id } of await api.sessions()) await api.delete(proctoring_session_id);
  const made = new Map<string, Awaited<ReturnType<typeof api.create>>>();
  const names = ["Amara Okafor", "Jonas Lindqvist", "Mei-Ling Chen", "Tomás Herrera", "Priya Raman", "Ewa Nowak"];
  for (const name of names) made.set(name, await api.create({ ...wish, name }));
  // By how many answers each one is ahead.
  for (const [name, answers] of [["Tomás Herrera", 3], ["Ewa Nowak", 3], ["Priya Raman", 1]] as const) {
    const invite = made.get(name)?.invite ?? "";
    await api.rpc("give_consent", { invite });
    await api.rpc("start_interview", { invite });
    for (let index = 0; index < answers; index += 1) await api.answer(invite, index, ANSWER);
  }
  const amara = await candidate(made.get("Amara Okafor")?.joinUrl ?? "", { viewport: { width: 1280, height: 800 } });
  const mei = await candidate(made.get("Mei-Ling Chen")?.joinUrl ?? "");
  for (const one of [amara, mei]) await one.begin(QUESTIONS[0].text);
  await amara.answer(ANSWER);
  await amara.isAsked(QUESTIONS[1].text);
  await amara.write(CODE);
  for (const one of [amara, mei]) await one.linkIs("Live");
  await amara.page.screenshot({ path: join(docs, "candidate.png") });

  await admin.page.setViewportSize({ width: 1280, height: 800 });
  await admin.openDashboard();
  for (const name of ["Amara Okafor", "Mei-Ling Chen"]) await expect(admin.row(name)).toContainText("Live");
  await admin.page.screenshot({ path: join(docs, "screenshot.png") });
});
