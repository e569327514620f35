// Time limits: kept by the server, shown by the page.
import { randomUUID } from "node:crypto";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

test("an answer after the deadline and its grace is refused in plain words", async ({ world }) => {
  const { api } = world;
  const questions = [{ text: "First?" }, { text: "Second?" }];
  const { invite } = await api.create({ name: "Late Larry", questions, textTimer: 1 });
  await api.rpc("give_consent", { invite });
  const started = await api.rpc("start_interview", { invite });
  expect(started.status).toBe(200);
  expect(started.body.question.index).toBe(0);

  const answerId = randomUUID();
  await until("the server closes the question", async () => (await api.rpc("load_interview", { invite })).body.answered === 1);
  const late = await api.answer(invite, 0, "Too late", answerId);
  expect(late.status).toBe(409);
  expect(JSON.stringify(late.body)).toContain("The time for this question is over");
  const again = await api.answer(invite, 0, "Too late", answerId);
  expect(again.status).toBe(409);
});
