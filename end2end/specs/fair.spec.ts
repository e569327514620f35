// Fair to whoever is interviewed: whatever happens on the way, the place, the text and the time stay.
import { Candidate } from "../pages/candidate.ts";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible } from "../support/looks.ts";
import { until } from "../support/wait.ts";

const QUESTIONS = [
  { text: "What did you learn last?" },
  { text: "Write a function that doubles a number.", kind: "coding" as const },
  { text: "And one that halves it.", kind: "coding" as const },
  { text: "Anything else?" },
];

/** What the server has of an invite's open question. */
interface Known {
  draft: { text: string } | null;
  question: { index: number; delivered_at: number; deadline: number; added_s: number } | null;
  answered: number;
}

test("an interview goes on through a reload, an outage, a second tab, a message, extra time and a question that expires", async ({
  world,
  candidate,
  admin,
}) => {
  const { api } = world;
  // Time for code is short, so that a question expires here, and one must be extended.
  const gale = await api.create({ name: "Gale Goeson", questions: QUESTIONS, textTimer: 600, codingTimer: 20 });
  const known = async (): Promise<Known> => (await api.rpc("load_interview", { invite: gale.invite })).body;
  const first = await candidate(gale.joinUrl);
  const { keyboard } = first.page;
  await admin.openSession(gale.id);
  await first.begin(QUESTIONS[0].text);
  await first.linkIs("Live");
  await expect(admin.contact).toContainText("Online");
  await first.answerField.focus();
  await keyboard.type("How clocks");
  await first.isSaved();

  await test.step("a message is there without a reload, and the admin sees that it was read", async () => {
    await admin.say("Take your time.\nWe are here.");
    const sentAt = performance.now();
    await expect(first.messages).toContainText("We are here.");
    console.log(`The message was there after ${Math.round(performance.now() - sentAt)} ms.`);
    expect(performance.now() - sentAt).toBeLessThan(5_000);
    await expect(first.answerField, "typing is not disturbed").toBeFocused();
    await expect(admin.messages).toContainText("Not read yet");
    await expect(admin.messages.getByLabel("Message", { exact: true })).toHaveValue("");
    await expectAccessible(first.page, "a question with a message");
    await first.messages.getByRole("button", { name: "All right" }).click();
    await expect(first.answerField, "one goes on writing").toBeFocused();
    await expect(first.messages).toHaveCount(0);
    await expect(admin.messages).not.toContainText("Not read yet");
    await expect(admin.messages).toContainText("Read ");
  });

  await test.step("a reload comes back to the same place", async () => {
    await first.open();
    await first.isAsked(QUESTIONS[0].text);
    await expect(first.answerField).toHaveValue("How clocks");
    await expect(first.messages, "what was read stays read").toHaveCount(0);
  });

  await test.step("typing goes on while offline, and the server has it soon after", async () => {
    await first.page.context().setOffline(true);
    await first.answerField.press("End");
    await keyboard.type(" drift");
    await expect(first.offlineNotice).toBeVisible();
    await keyboard.type(" apart");
    await expect(first.page.locator(".saving")).toHaveText("Kept on this device");
    await expect(first.answerField).toHaveValue("How clocks drift apart");
    await expectAccessible(first.page, "a question while offline");
    await first.page.context().setOffline(false);
    const backAt = performance.now();
    await until("the draft is at the server", async () => (await known()).draft?.text === "How clocks drift apart");
    console.log(`The draft was at the server ${Math.round(performance.now() - backAt)} ms after the network.`);
    expect(performance.now() - backAt).toBeLessThan(10_000);
    await first.isSaved();
    await expect(first.offlineNotice).toBeHidden();
    await first.isAsked(QUESTIONS[0].text);
    await expect(first.answerField).toBeFocused();
  });

  await test.step("a second tab pauses the first, which has its text when it is used again", async () => {
    const second = new Candidate(await first.page.context().newPage(), gale.joinUrl);
    await second.open();
    await second.isAsked(QUESTIONS[0].text);
    await expect(second.answerField).toHaveValue("How clocks drift apart");
    await expect(first.pausedNotice).toBeVisible();
    await expect(first.answerField).not.toBeEditable();
    await expectAccessible(first.page, "a page that is paused");
    await second.answerField.press("End");
    await second.page.keyboard.type(", slowly");
    await first.button("Use this one").click();
    await expect(second.pausedNotice).toBeVisible();
    await expect(first.pausedNotice).toBeHidden();
    await expect(first.answerField).toHaveValue("How clocks drift apart, slowly");
    await expect(first.answerField).toBeEditable();
    await expect(first.answerField).toBeFocused();
    await second.page.close();
    await expect(first.pausedNotice).toBeHidden();
    await first.linkIs("Live");
    await first.submitButton.click();
  });

  await test.step("extra time moves the clock, and code is written in the editor", async () => {
    await first.isAsked(QUESTIONS[1].text);
    await expect(admin.time).toContainText("More time for question 2");
    await admin.time.getByRole("button", { name: "+5 min" }).click();
    await expect(first.page.getByText("5 minutes added")).toBeVisible();
    await expect(first.clock).toHaveText(/^[45]:\d\d$/);
    await expect(admin.time).toContainText("5 minutes given");
    await expect(first.editor).toBeVisible();
    await expect(first.languages).toHaveValue("Python");
    await first.answerField.focus();
    await keyboard.type("def double(x):\nreturn 2 * x");
    await expect(first.written).toHaveValue("def double(x):\n    return 2 * x");
    await first.isSaved();
    await expectAccessible(first.page, "code in the editor");
    await admin.openTimeline();
    await admin.accommodations.click();
    await expectAccessible(admin.page, "a session with its timeline and help");
    await first.submitButton.click();
  });

  await test.step("a question expires with what was written", async () => {
    await first.isAsked(QUESTIONS[2].text);
    await expect(first.clock).toHaveText(/^0:/);
    await first.write("def halve(x):");
    await expect(first.heading(QUESTIONS[3].text)).toBeVisible({ timeout: 40_000 });
    await expect(first.written).toHaveValue("");
    await first.answer("No, thank you.");
    await first.isDone();
  });

  await test.step("the admin reads all of it", async () => {
    await expect(admin.section("Details")).toContainText("all questions dealt with");
    const answers = ["How clocks drift apart, slowly", "def double(x):\n    return 2 * x", "def halve(x):", "No, thank you."];
    await expect(admin.transcript.locator("pre")).toHaveText(answers, { useInnerText: true });
    await expect(admin.transcript.getByText("Taken when the time was over")).toHaveCount(1);
    for (const line of [
      "Message from an admin: Take your time.",
      "The candidate read a message",
      "Question 2: extended by 5 minutes by an admin",
      "Question 3: taken when the time was over, after 0:20",
    ]) {
      await expect(admin.timeline).toContainText(line);
    }
    expect(await api.end(gale.id)).toMatchObject({ questions_answered: 4 });
  });
});

test("accommodations show on the welcome page, and the first clock keeps to them", async ({ world, candidate, admin }) => {
  const wish = { questions: QUESTIONS, textTimer: 600, codingTimer: 900 };
  const { id, joinUrl, invite } = await world.api.create({ ...wish, name: "Addie Accommodated" });
  const addie = await candidate(joinUrl);
  await expect(addie.page.getByText("10 minutes", { exact: true })).toBeVisible();
  await admin.openSession(id);
  await admin.accommodate({ percent: 150, extraMinutes: 1 });
  // 10 and 15 minutes, half as much again, and one more.
  await expect(addie.page.getByText("16 minutes", { exact: true })).toBeVisible();
  await expect(addie.page.getByText("23 minutes 30 seconds", { exact: true })).toBeVisible();
  await expect(addie.page.getByText("at most 79 minutes", { exact: true })).toBeVisible();
  await addie.open();
  await expect(addie.page.getByText("16 minutes", { exact: true })).toBeVisible();
  await addie.begin(QUESTIONS[0].text);
  await expect(addie.clock).toHaveText(/^(16:00|15:\d\d)$/);
  const { question } = (await world.api.rpc("load_interview", { invite })).body as Known;
  expect((question?.deadline ?? 0) - (question?.delivered_at ?? 0)).toBe(16 * 60_000);
  await admin.openTimeline();
  await expect(admin.timeline).toContainText("Accommodations set by an admin: 150 % of the time and 1 minute more");
});

test("what was written stands when the time is over, though the tab was closed before", async ({ world, candidate, admin }) => {
  const questions = [{ text: "Where were we?" }, { text: "And now?" }];
  const { id, joinUrl, invite } = await world.api.create({ name: "Clement Closed", questions, textTimer: 8 });
  const clement = await candidate(joinUrl);
  await clement.begin(questions[0].text);
  await clement.answerField.focus();
  await clement.page.keyboard.type("Half a tho");
  await clement.isSaved();
  // As people close it, so that the page takes its leave.
  await clement.page.close({ runBeforeUnload: true });
  await admin.openSession(id);
  await expect(admin.contact).toContainText("Left the page");
  await expect(admin.transcript).toContainText("Taken when the time was over");
  await expect(admin.transcript.locator("pre")).toHaveText(["Half a tho"]);
  // The next question waits for the candidate.
  expect(((await world.api.rpc("load_interview", { invite })).body as Known).question).toBeNull();
  await expect(admin.transcript).not.toContainText("Answering now");
});
