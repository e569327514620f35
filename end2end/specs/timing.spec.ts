// Time limits: kept by the server, shown by the page.
import { randomUUID } from "node:crypto";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

test("what is written when the time is over is sent by itself", async ({ world, candidate, admin }) => {
  const questions = [{ text: "Count as far as you get." }, { text: "fn main() {}", kind: "coding" as const }];
  const { id, joinUrl } = await world.api.create({ name: "Slow Sloth", questions, textTimer: 4, codingTimer: 600 });
  const slow = await candidate(joinUrl);
  await slow.begin(questions[0].text);
  await expect(slow.page.getByRole("timer")).toHaveText(/^0:0[0-4]$/);
  await slow.answerField.fill("One, two, thr");
  await slow.isAsked(questions[1].text);
  await expect(slow.written).toHaveValue("");
  await expect(slow.page.getByRole("timer")).toHaveText(/^(10:00|9:\d\d)$/);

  await admin.openSession(id);
  await expect(admin.transcript).toContainText("One, two, thr");
  await expect(admin.transcript).toContainText("Taken when the time was over");
});

test("a question whose time runs out while nobody is there counts as not answered", async ({ world, candidate }) => {
  const questions = [{ text: "Still there?" }, { text: "And now?" }];
  const { joinUrl, invite } = await world.api.create({ name: "Gone Gwen", questions, textTimer: 2 });
  const gwen = await candidate(joinUrl);
  await gwen.begin(questions[0].text);
  await gwen.page.goto("about:blank");
  const view = async () => (await world.api.rpc("load_interview", { invite })).body;
  await until("the server closes the question", async () => (await view()).answered === 1);
  // The next question waits for the candidate.
  expect((await view()).question).toBeNull();
  await gwen.open();
  await gwen.isAsked(questions[1].text);
});

test("an answer after the deadline and its grace is refused in plain words", async ({ world }) => {
  const { api } = world;
  const questions = [{ text: "First?" }, { text: "Second?" }];
  const { invite } = await api.create({ name: "Late Larry", questions, textTimer: 1 });
  await api.rpc("give_consent", { invite });
  const started = await api.rpc("start_interview", { invite });
  expect(started.status).toBe(200);
  expect(started.body.question.index).toBe(0);

  await until("the server closes the question", async () => (await api.rpc("load_interview", { invite })).body.answered === 1);
  const id = randomUUID();
  for (const attempt of ["first", "repeated"]) {
    const late = await api.answer(invite, 0, "Too late", id);
    expect(late.status, attempt).toBe(409);
    expect(JSON.stringify(late.body), attempt).toContain("The time for this question is over");
  }
});
