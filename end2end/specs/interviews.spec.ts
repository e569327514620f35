// The main job: made by API, joined in a browser over LiveKit, watched live, ended.
import { randomUUID } from "node:crypto";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible } from "../support/looks.ts";
import { until } from "../support/wait.ts";

const QUESTIONS = [
  { text: "What did you build last, and what would you do differently?" },
  { text: "Write a function that reverses a list.", kind: "coding" as const },
  { text: "What makes a code review useful?" },
];
const CODE = "def reverse(items):\n    return items[::-1]\n";

test("two candidates at once: both are watched, one finishes, one is ended", async ({ world, candidate, admin }) => {
  const { api, livekit } = world;
  const [ann, bob] = await Promise.all(
    ["Ann Avery", "Bob Baker"].map((name) => api.create({ name, questions: QUESTIONS })),
  );
  expect(ann.body).toMatchObject({ status: "success", livekit_room_name: ann.room });

  const [a, b] = await Promise.all([ann, bob].map(({ joinUrl }) => candidate(joinUrl)));
  await Promise.all([a, b].map((one) => one.begin(QUESTIONS[0].text)));
  await Promise.all([a, b].map((one) => one.linkIs("Live")));
  await expectAccessible(a.page, "a question");

  await test.step("the dashboard shows both", async () => {
    await admin.openDashboard();
    for (const { name } of [ann, bob]) {
      await expect(admin.row(name)).toContainText("In progress");
      await expect(admin.row(name)).toContainText("0 / 3");
      await expect(admin.row(name)).toContainText("Live");
    }
    await expect(admin.figure("Active now")).toHaveText(/^([2-9]|\d\d+)$/);
    await expect(admin.figure("Live rooms")).toHaveText(/^([2-9]|\d\d+)$/);
    await expectAccessible(admin.page, "the dashboard");
  });

  await test.step("both are watched, with sound when asked", async () => {
    for (const { id, name, room } of [bob, ann]) {
      await admin.openSession(id);
      await expect(admin.heading(name)).toBeVisible();
      await admin.videoPlays();
      const muted = () => admin.video.evaluate((video: HTMLVideoElement) => video.muted);
      expect(await muted()).toBe(true);
      await admin.button("Sound on").click();
      expect(await muted()).toBe(false);
      await expect(admin.button("Sound off")).toBeVisible();
      // The observer is hidden from the candidate, and not counted.
      const session = await api.session(id);
      expect(session.livekit_room).toMatchObject({ name: room, num_participants: 1 });
    }
    await expectAccessible(admin.page, "a session that is watched");
  });

  await test.step("one answers everything while the other is ended half way", async () => {
    await a.answer("A queue. I would bound it.");
    await a.isAsked(QUESTIONS[1].text);
    await b.answer("A cache. I would measure first.");
    await b.isAsked(QUESTIONS[1].text);
    await b.write("half a thought");

    await admin.openDashboard();
    await expect(admin.row(bob.name)).toContainText("1 / 3");
    await admin.act(bob.name, "End");
    await admin.confirm(bob.name, "End");
    await expect(admin.row(bob.name)).toContainText("Completed");
    await b.isDone();
    await expect(b.page.getByText("The hiring team has ended the interview.")).toBeVisible();

    await a.answer(CODE);
    await a.isAsked(QUESTIONS[2].text);
    await a.answer("It finds what matters and says why.");
    await a.isDone();
    await expectAccessible(a.page, "the last page");
  });

  await test.step("both are completed, and both rooms are gone", async () => {
    for (const { id } of [ann, bob]) expect(await api.status(id)).toBe("completed");
    const one = await api.session(ann.id);
    expect(one.session).toMatchObject({ is_active: false, consent_received: true, current_question_index: 3 });
    expect(one.interview_state.dialogue_length).toBe(6);
    expect((await api.session(bob.id)).session).toMatchObject({ is_active: false, current_question_index: 2 });
    expect(await api.end(ann.id)).toMatchObject({ questions_answered: 3, report_available: true });
    expect(await api.end(bob.id)).toMatchObject({ questions_answered: 1, report_available: true });
    await until("the rooms are closed", async () => {
      const rooms = await livekit.rooms();
      return !rooms.includes(ann.room) && !rooms.includes(bob.room);
    });
    expect((await api.session(ann.id)).livekit_room).toBeNull();
  });

  await test.step("the admin reads what each one answered", async () => {
    await admin.openSession(ann.id);
    for (const text of [...QUESTIONS.map((question) => question.text), "I would bound it", "items[::-1]", "says why"]) {
      await expect(admin.transcript).toContainText(text);
    }
    await expect(admin.transcript).not.toContainText("measure first");
    await admin.openSession(bob.id);
    await expect(admin.transcript).toContainText("I would measure first");
    await expect(admin.transcript).toContainText("Not answered");
    await expect(admin.transcript).not.toContainText("half a thought");
    await expect(admin.transcript).not.toContainText(QUESTIONS[2].text);
    await expectAccessible(admin.page, "a completed session");
  });
});

test("a reload at any point returns to the same place with the draft", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Rita Reload", questions: QUESTIONS });
  const rita = await candidate(joinUrl);
  await rita.consent();
  await rita.open();
  await rita.checkDevices();
  await rita.open();
  await expect(rita.heading("Ready when you are")).toBeVisible();
  await rita.start(QUESTIONS[0].text);
  await rita.answerField.fill("A draft that is not sent");
  const before = await rita.timeLeft();
  await rita.open();
  await rita.isAsked(QUESTIONS[0].text);
  await expect(rita.answerField).toHaveValue("A draft that is not sent");
  await rita.linkIs("Live");
  expect(await rita.timeLeft(), "the clock goes on").toBeLessThanOrEqual(before);
  await rita.submitButton.click();
  await rita.isAsked(QUESTIONS[1].text);
  await expect(rita.written).toHaveValue("");

  // The second of two quick clicks passes over nothing.
  await rita.button("Continue without an answer").click();
  await rita.button("Back to the question").click();
  await rita.isAsked(QUESTIONS[1].text);

  // Finished early, with the draft of the open question.
  await rita.write("pass");
  await rita.button("Finish interview").click();
  await rita.button("Go on").click();
  await rita.button("Finish interview").click();
  await rita.button("Finish now").click();
  await rita.isDone();
  await rita.open();
  await rita.isDone();
  await expect(rita.page.getByText("You have finished the interview.")).toBeVisible();
});

test("what is ticked before the page is awake counts", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Ella Early", questions: QUESTIONS });
  const ella = await candidate(joinUrl);
  let wake = () => {};
  const awake = new Promise<void>((resolve) => (wake = resolve));
  await ella.page.route(/\.wasm$/, async (route) => {
    await awake;
    await route.continue();
  });
  await ella.page.goto(joinUrl, { waitUntil: "domcontentloaded" });
  await ella.page.getByRole("checkbox", { name: /agree to be recorded/ }).check();
  await expect(ella.button("Agree and continue")).toBeDisabled();
  wake();
  await ella.button("Agree and continue").click();
  await expect(ella.heading("Camera and microphone")).toBeVisible();
});

test("an invite opens its own interview and no other", async ({ world }) => {
  const { api } = world;
  const mine = await api.create({ name: "Mia Mine", questions: [{ text: "Mine?" }, { text: "More?" }] });
  const other = await api.create({ name: "Otto Other", questions: [{ text: "Secret of Otto?" }] });

  // Whatever else a browser sends along, the invite decides.
  const foreign = { session_id: other.id, id: other.id, room: other.room, session: other.id };
  const calls = ["give_consent", "start_interview", "load_interview", "open_question", "join_room"];
  for (const name of calls) {
    const { status, body } = await api.rpc(name, { ...foreign, invite: mine.invite });
    expect(status, name).toBe(200);
    const text = JSON.stringify(body);
    expect(text, name).not.toContain("Otto");
    if (name === "join_room") {
      const claims = JSON.parse(Buffer.from(body.token.split(".")[1], "base64url").toString());
      expect(claims).toMatchObject({ sub: `candidate-${mine.id}`, video: { room: mine.room, roomJoin: true } });
      for (const grant of ["roomAdmin", "roomCreate", "roomList", "roomRecord", "hidden"]) {
        expect(claims.video[grant] ?? false, grant).toBe(false);
      }
    }
  }
  expect((await api.answer(mine.invite, 0, "From Mia")).status).toBe(200);
  const untouched = await api.session(other.id);
  expect(untouched.session).toMatchObject({ is_active: false, consent_received: false, current_question_count: 0 });

  // Neither a session's id, nor a part of the invite, nor one with another session's signature opens anything.
  const spliced = Buffer.concat([
    Buffer.from(other.invite, "base64url").subarray(0, 16),
    Buffer.from(mine.invite, "base64url").subarray(16),
  ]).toString("base64url");
  for (const invite of [other.id, mine.invite.slice(0, -1), spliced, ""]) {
    for (const name of [...calls, "finish_interview"]) {
      expect((await api.rpc(name, { invite })).status, `${name} with ${invite}`).toBe(404);
    }
    const answer = await api.rpc("submit_answer", { invite, id: randomUUID(), question: 0, text: "From nobody" });
    expect(answer.status).toBe(404);
  }
  // What admins may do, a candidate may not.
  for (const name of ["load_session", "end_session", "delete_session", "observe", "start_session"]) {
    expect((await api.rpc(name, { id: mine.id, invite: mine.invite })).status, name).toBe(401);
  }
  expect((await api.session(mine.id)).session.is_active).toBe(true);
});
