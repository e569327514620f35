// From a job to a decision: many are invited at once, one answers, and the report is read, corrected and passed on.
import type { Browser } from "@playwright/test";
import { Admin } from "../pages/admin.ts";
import { Desk } from "../pages/desk.ts";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible } from "../support/looks.ts";
import { readPdf } from "../support/pdf.ts";
import { Receiver, isSigned } from "../support/receiver.ts";
import { ADMIN } from "../support/server.ts";
import { until } from "../support/wait.ts";

const BUG = {
  text: "Tell us about a bug that took you long to find.",
  keyPoints: "3 | compares both clocks / logs both times\n2 | keeps times in UTC\nsays what changed afterwards",
  reference: "A date was right in winter only. Logging both clocks showed it, and since then we keep times in UTC.",
};
const LARGEST = {
  text: "Write a function that returns the two largest numbers of a list.",
  kind: "coding" as const,
  keyPoints: "2 | sorts, or goes through once\nreturns both numbers",
  reference: "def two_largest(numbers):\n    return sorted(numbers)[-2:]",
  language: "Python",
};
const ANSWER = "A date that was wrong in summer. I logged both clocks, saw the hour between them, and keep times in UTC since.";
const CODE = "def two_largest(numbers):\n    return sorted(numbers)[-2:]\n";
const REASON = "She explained it even better when we talked.";

/** Twenty lines, three of which are wrong. */
function candidates(): string {
  const lines = Array.from({ length: 17 }, (_, index) => {
    const number = String(index + 1).padStart(2, "0");
    return `Hana Hired ${number},hana.${number}@example.com,+44 20 7946 00${number}`;
  });
  lines.splice(4, 0, "Nora Nowhere,not an address");
  lines.splice(9, 0, ",nobody@example.com");
  lines.splice(15, 0, "Hana Again,HANA.01@example.com");
  return ["name,email,phone", ...lines].join("\n");
}

/** A page of somebody who has the same login and no scripts. */
async function withoutScripts(browser: Browser, { page }: Admin): Promise<Desk> {
  const storageState = await page.context().storageState();
  const baseURL = new URL(page.url()).origin;
  const context = await browser.newContext({ baseURL, storageState, javaScriptEnabled: false });
  return new Desk(await context.newPage());
}

let receiver: Receiver;

test.beforeEach(async () => {
  receiver = await Receiver.start();
});

test.afterEach(async () => {
  await receiver.stop();
});

test("from a job over twenty invitations to a corrected report and signed news of it", async ({ browser, candidate, admin }) => {
  const { page } = admin;
  const desk = new Desk(page);

  const secret = await test.step("news is to be sent to a server of ours", async () => {
    await desk.openWebhooks();
    await page.getByLabel("New address").fill("ftp://127.0.0.1/");
    await desk.button("Add webhook").click();
    await expect(page.getByRole("alert")).toContainText("must begin with https:// or http://");
    return desk.addWebhook(receiver.url);
  });

  await test.step("a job is made, with what good answers have", async () => {
    await desk.openJobs();
    await page.getByRole("link", { name: "New job" }).click();
    await page.getByLabel("Title").fill("Backend engineer");
    await page.getByLabel("Description").fill("For the team that moves the dates.");
    await desk.ask(1, LARGEST);
    await desk.button("Add question").click();
    await desk.ask(2, BUG);
    await desk.button("Add question").click();
    await page.getByRole("textbox", { name: "Question 3", exact: true }).fill("To be removed.");
    await desk.button("Remove question 3").click();
    await desk.button("Move question 2 up").click();
    await expect(page.getByRole("textbox", { name: "Question 1", exact: true })).toHaveValue(BUG.text);
    await expect(page.getByRole("textbox", { name: "Key points of question 1" })).toHaveValue(BUG.keyPoints);
    await desk.save();
    await expect(page.getByRole("textbox", { name: "Key points of question 2" })).toHaveValue(LARGEST.keyPoints);
    await expectAccessible(page, "the job editor");
  });

  const link = await test.step("twenty are invited from a file; what is wrong with three is said", async () => {
    await page.getByRole("link", { name: "Invite candidates" }).click();
    const file = { name: "candidates.csv", mimeType: "text/csv", buffer: Buffer.from(candidates()) };
    await page.getByLabel("Fill in from a file").setInputFiles(file);
    await expect(page.getByLabel("Candidates")).toHaveValue(candidates());
    await desk.button("Invite them").click();
    await expect(page.getByText("20 of 20 done")).toBeVisible();
    await expect(page.getByText("17 candidates invited, 3 lines refused")).toBeVisible();
    await expect(desk.row("Nora Nowhere")).toContainText("Write one whole e-mail address, such as jane@example.com.");
    await expect(desk.row("nobody@example.com")).toContainText("Fill in the name.");
    await expect(desk.row("Hana Again")).toContainText("This e-mail address stands in line 2 already.");
    await expectAccessible(page, "invitations");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download with links (CSV)" }).click(),
    ]);
    const csv = Buffer.concat(await (await download.createReadStream()).toArray()).toString();
    const links = csv.match(/http:\/\/[^",]+\/i\/[^",]+/g) ?? [];
    expect(new Set(links).size, "a link for each who was invited").toBe(17);
    const line = csv.split("\n").find((line) => line.includes("hana.07@example.com"));
    return line?.match(/http:[^",]+/)?.[0] ?? "";
  });

  await test.step("one of them answers in words and in code", async () => {
    const hana = await candidate(link);
    await expect(hana.heading("Hello, Hana Hired 07")).toBeVisible();
    await hana.begin(BUG.text);
    receiver.refuse("report.ready", 2);
    await hana.answer(ANSWER);
    await hana.isAsked(LARGEST.text);
    await hana.answer(CODE);
    await hana.isDone();
  });

  const session = await test.step("the report is read, and a score corrected", async () => {
    await admin.openDashboard("?q=hana.07@example.com");
    await admin.row("Hana Hired 07").getByRole("link", { name: "Open Hana Hired 07" }).click();
    await page.getByRole("link", { name: "Report", exact: true }).click();
    await expect(desk.heading("Report on Hana Hired 07")).toBeVisible();
    await desk.reportIsReady();
    await expect(desk.section("Summary")).toContainText("Hana Hired 07 answered 2 of 2 questions");
    await expect(desk.graded(1)).toContainText(ANSWER);
    await expect(desk.graded(1)).toContainText("by offline rules");
    await expect(desk.graded(2)).toContainText("sorted(numbers)[-2:]");
    await expect(page.getByRole("img", { name: "Means by criterion" })).toBeVisible();
    const before = await desk.graded(1).locator(".mark-given b").innerText();

    await desk.setScore(1, "9.5", REASON);
    await expect(desk.graded(1)).toContainText(`9.5 of 10, set by ${ADMIN.email}`);
    await desk.reportIsReady();
    await expect(desk.graded(1)).toContainText(REASON);
    await expect(desk.graded(1).locator(".mark-before")).toContainText(`${before} of 10 before`);
    await expect(desk.section("By question")).toContainText("9.5");
    await expectAccessible(page, "a report");
    return page.url().split("/").at(-2) ?? "";
  });

  await test.step("the paper says the same", async () => {
    const href = await page.getByRole("link", { name: "PDF" }).getAttribute("href");
    const response = await page.request.get(href ?? "");
    expect(response.headers()["content-type"]).toBe("application/pdf");
    const { pages, text } = await readPdf(await response.body());
    expect(pages).toBeGreaterThan(0);
    for (const words of ["Hana Hired 07", "Backend engineer", BUG.text, "I logged both clocks", "sorted(numbers)[-2:]"]) {
      expect(text).toContain(words);
    }
    for (const words of ["9.5", REASON, ADMIN.email, "offline rules"]) expect(text).toContain(words);
  });

  await test.step("all of it was told, signed, and again after two failures", async () => {
    // The first one, the one with the correction, and one more if the rest of the proctoring's log came after the first.
    const answers = await until("all reports are told", () => {
      const ready = receiver.about(session, "report.ready");
      const ids = [...new Set(ready.map((one) => one.id))];
      const each = ids.map((id) => ready.filter((one) => one.id === id).map((one) => one.status));
      return each.length >= 2 && each.every((statuses) => statuses.at(-1) === 200) && each;
    });
    expect(answers, "of the reports").toEqual(expect.arrayContaining([[500, 500, 200], [200]]));
    for (const type of ["session.created", "session.started", "session.completed"]) {
      expect(receiver.about(session, type), type).toHaveLength(1);
    }
    for (const one of receiver.arrivals) {
      expect(isSigned(one, secret), `${one.type} is signed`).toBe(true);
      expect(one.body, "no names, no answers").not.toMatch(/Hana|clocks/);
      expect(Math.abs(Date.now() / 1000 - Number(one.timestamp))).toBeLessThan(300);
    }
    expect(isSigned({ ...receiver.arrivals[0], body: "{}" }, secret), "another body").toBe(false);

    await desk.openWebhooks();
    const row = desk.row("report.ready").filter({ hasText: "3 attempts, last: answered 200" });
    await expect(row).toContainText("Delivered");
    await row.locator("summary").click();
    await expect(row.getByRole("listitem")).toHaveText([/answered 500$/, /answered 500$/, /answered 200$/]);
    await expectAccessible(page, "webhooks");
    await row.getByRole("button", { name: "Send again: report.ready" }).click();
    await expect(desk.status).toContainText("It is being sent again");
    const first = receiver.about(session, "report.ready").find((one) => one.status === 500)?.id;
    await until("the same news comes once more", () => receiver.arrivals.filter((one) => one.id === first).length === 4);
  });

  await test.step("without scripts, all of it can be read and done too", async () => {
    const plain = await withoutScripts(browser, admin);
    await plain.page.goto(`/admin/session/${session}`);
    await expect(plain.heading("Hana Hired 07")).toBeVisible();
    await expect(plain.page.locator("main")).toContainText("I logged both clocks");
    await plain.page.getByRole("link", { name: "Report", exact: true }).click();
    await expect(plain.section("Summary")).toContainText("answered 2 of 2 questions");
    await expect(plain.graded(1)).toContainText(REASON);
    await expect(plain.section("Full transcript")).toContainText("sorted(numbers)[-2:]");
    await plain.setScore(2, "7", "Right, and short.");
    await expect(plain.graded(2)).toContainText(`7.0 of 10, set by ${ADMIN.email}`);
    await plain.page.getByRole("link", { name: "Jobs", exact: true }).click();
    await plain.page.getByRole("link", { name: "Edit Backend engineer" }).click();
    await plain.button("Add question").click();
    await expect(plain.page.getByRole("textbox", { name: "Question 3", exact: true })).toBeVisible();
    await plain.page.getByRole("link", { name: "Invitations", exact: true }).click();
    await plain.page.getByRole("link", { name: "Backend engineer" }).click();
    await expect(plain.row("Hana Hired 07")).toContainText(link);
    await plain.page.context().close();
  });

  await test.step("removed, the webhook is told nothing more", async () => {
    await desk.openWebhooks();
    await page.locator(".hooks").getByText("Remove …").click();
    await desk.button("Remove webhook").click();
    await expect(desk.status).toContainText("The webhook was removed.");
    await expect(page.getByText("None yet. Nothing is sent.")).toBeVisible();
  });
});
