// What happens to interviews when something they lean on goes away in the middle.
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

const QUESTIONS = [{ text: "Before?" }, { text: "During?" }, { text: "After?" }, { text: "And at last?" }];
// Longer than any outage here, so that no time runs out.
const textTimer = 600;

test.afterEach(async ({ world }) => {
  for (const daemon of world.daemons) if (!daemon.isRunning) await daemon.start();
});

test("LiveKit goes away and comes back while the interview goes on", async ({ world, store, candidate, admin }) => {
  const { api, livekit } = world;
  const lea = await api.create({ name: "Lea Live", questions: QUESTIONS, textTimer });
  const a = await candidate(lea.joinUrl);
  await a.begin(QUESTIONS[0].text);
  await a.linkIs("Live");
  await admin.openSession(lea.id);
  await admin.videoPlays();
  await a.answer("with video");
  await a.isAsked(QUESTIONS[1].text);

  await livekit.kill();
  await a.linkIs(/^(Reconnecting|No live video)$/);
  await a.answer("without video");
  await a.isAsked(QUESTIONS[2].text);
  if (store === "embedded") {
    // Long enough for the LiveKit client to give up. With the other store it is back before.
    await a.linkIs("No live video");
    await expect(a.page.getByText("The interview goes on as usual")).toBeVisible();
  }

  const max = await api.create({ name: "Max Meanwhile", questions: QUESTIONS, textTimer });
  expect(max.body).toMatchObject({
    status: "success",
    warning: "LiveKit room creation failed, using fallback mode",
  });
  for (const field of ["livekit_room_name", "livekit_token", "livekit_url"]) expect(max.body).not.toHaveProperty(field);
  expect((await api.session(max.id)).livekit_room).toBeNull();

  await livekit.start();
  await a.linkIs("Live");
  await admin.videoPlays();
  const made = await until("the missing room is made", async () => (await api.session(max.id)).livekit_room);
  expect(made.name).toBe(max.room);
  expect(await livekit.rooms()).toContain(max.room);

  await a.answer("with video again");
  await a.isAsked(QUESTIONS[3].text);
  await a.answer("done");
  await a.isDone();
  expect(await api.end(lea.id)).toMatchObject({ questions_answered: 4 });
  await until("the room is closed", async () => !(await livekit.rooms()).includes(lea.room));
});

test("the server is killed between two answers, and nothing acknowledged is lost", async ({ world, candidate, admin }) => {
  const { api, livekit, server } = world;
  const kay = await api.create({ name: "Kay Killed", questions: QUESTIONS, textTimer });
  const a = await candidate(kay.joinUrl);
  await a.begin(QUESTIONS[0].text);
  await a.answer("first answer");
  // The next question is the acknowledgement.
  await a.isAsked(QUESTIONS[1].text);

  await server.kill();
  await a.answerField.fill("second answer");
  await a.submitButton.click();
  await expect(a.page.locator(".saving", { hasText: "Not connected, trying again" })).toBeVisible();
  await expect(a.page.getByText("The connection to the interview is interrupted.")).toBeVisible();
  await server.start();
  await a.isAsked(QUESTIONS[2].text);
  await expect(a.page.getByText("The connection to the interview is interrupted.")).toBeHidden();

  // Killed the moment that an answer is acknowledged.
  await Promise.all([a.page.waitForResponse((response) => response.url().endsWith("/rpc/submit_answer")), a.answer("third answer")]);
  await server.kill();
  await a.answerField.fill("fourth");
  await server.start();
  await expect(a.answerField).toHaveValue("fourth");
  await a.answer("fourth answer");
  await a.isDone();

  expect(await api.status(kay.id)).toBe("completed");
  expect(await api.end(kay.id)).toMatchObject({ questions_answered: 4 });
  expect((await api.session(kay.id)).interview_state.dialogue_length).toBe(8);
  await until("the room is closed", async () => !(await livekit.rooms()).includes(kay.room));
  // The login outlived the server too.
  await admin.openSession(kay.id);
  for (const text of ["first answer", "second answer", "third answer", "fourth answer"]) {
    await expect(admin.transcript.getByText(text, { exact: true })).toHaveCount(1);
  }
});

test("the database goes away and comes back", async ({ world, candidate }) => {
  test.skip(!world.ferretdb, "the embedded store is a part of the server");
  const { api, ferretdb } = world;
  const dee = await api.create({ name: "Dee Database", questions: QUESTIONS.slice(0, 2), textTimer });
  const a = await candidate(dee.joinUrl);
  await a.begin(QUESTIONS[0].text);

  await ferretdb?.kill();
  await a.answer("kept on the device");
  await expect(a.page.locator(".saving", { hasText: "Not connected, trying again" })).toBeVisible();
  await ferretdb?.start();
  await a.isAsked(QUESTIONS[1].text);
  await a.answer("the end");
  await a.isDone();
  expect(await api.end(dee.id)).toMatchObject({ questions_answered: 2 });
});
