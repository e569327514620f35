// Answers that a language model judges: it may fail, and so may the servers that ask it.
import type { Page } from "@playwright/test";
import { Desk } from "../pages/desk.ts";
import type { Api, Made } from "../support/api.ts";
import { chanceFrom } from "../support/chance.ts";
import { expect, test } from "../support/fixtures.ts";
import { Receiver } from "../support/receiver.ts";
import { until } from "../support/wait.ts";
import type { World } from "../support/world.ts";

test.use({ livekit: false, model: true });

const QUESTIONS = [{ text: "How do you find what is slow?" }, { text: "What do you do about it?" }];
const ANSWERS = ["I measure before I guess, and keep the figures.", "I change one thing and measure once more."];

/** A lease holds for ten seconds after its worker died. */
const TAKEN_OVER = 60_000;

let receiver: Receiver;

test.beforeEach(async ({ world }) => {
  receiver = await Receiver.start();
  await world.api.addHook(receiver.url);
});

test.afterEach(async ({ world }) => {
  world.model.mood = "judges";
  for (const daemon of world.daemons) if (!daemon.isRunning) await daemon.start();
  await world.api.removeHooks();
  await receiver.stop();
});

const reportOf = (api: Api, { id, name }: Made) => until(`the report on ${name}`, () => api.report(id), { timeout: TAKEN_OVER });

/** Lines of a session's timeline, as admins read them. */
async function timeline(page: Page, { id }: Made): Promise<string[]> {
  const response = await page.request.post("/rpc/load_timeline", { form: { id } });
  return (await response.json()).entries.map((entry: { text: string }) => entry.text);
}

/** Each answer was evaluated once, one report was made of all of it, and it was told once. */
async function isFinishedOnce(world: World, page: Page, made: Made): Promise<void> {
  const report = await reportOf(world.api, made);
  expect(report.questions.map((one: any) => one.evaluation?.evaluator)).toEqual(ANSWERS.map(() => world.model.name));
  expect(report.average_score).toBe(8);
  const told = await until(`news of the report on ${made.name}`, async () => {
    const deliveries = (await world.api.deliveries(made.id)).filter((one) => one.event === "report.ready");
    return deliveries.length > 0 && deliveries.every((one) => one.state === "delivered") && deliveries;
  }, { timeout: TAKEN_OVER });
  expect(told, "one report is told").toHaveLength(1);
  // Whoever dies after sending sends again: receivers know the same news by its id.
  expect(new Set(receiver.about(made.id, "report.ready").map((one) => one.id))).toEqual(new Set([told[0].id]));
  const lines = await timeline(page, made);
  for (const index of ANSWERS.keys()) {
    const question = `Question ${index + 1}: evaluated with`;
    expect(lines.filter((line) => line.startsWith(question)), question).toHaveLength(1);
  }
  expect(lines.filter((line) => line === "The report was made")).toHaveLength(1);
}

/** Where work goes on when a server dies: at another one, or at the same one once it is back. */
interface Workers {
  /** Asks a server that is there. */
  api: () => Api;
  /** Kills the server of that name, or the one that `api` asks. */
  kill: (name?: string) => Promise<void>;
  /** Starts who was killed, in the end to find that nothing is left to do. */
  revive: () => Promise<void>;
}

async function workers({ server, api, ferretdb, startAnother }: World): Promise<Workers> {
  if (!ferretdb) {
    const kill = async () => {
      await server.kill();
      await server.start();
    };
    return { api: () => api, kill, revive: async () => {} };
  }
  let [now, other] = [{ server, api }, await startAnother()];
  const kill = async (name = now.server.name) => {
    if (now.server.name === name) [now, other] = [other, now];
    await other.server.kill();
  };
  const revive = async () => {
    if (!other.server.isRunning) await other.server.start();
  };
  return { api: () => now.api, kill, revive };
}

test("a worker killed in the middle of an evaluation: another one finishes it, once", async ({ world, admin }) => {
  const { model } = world;
  const pair = await workers(world);
  // Others may have asked before.
  const before = model.asked.length;
  const asked = () => model.asked.slice(before);
  model.next.push("judges", "hangs");
  const made = await pair.api().create({ name: "Kim Killed", questions: QUESTIONS });
  await pair.api().interview(made, ANSWERS);
  const hanging = await until("the second answer is being judged", () => asked()[1]);
  expect(hanging.answer).toBe(ANSWERS[1]);
  await pair.kill(hanging.by);
  await reportOf(pair.api(), made);
  expect(asked().map((one) => one.answer), "what is known is not asked again").toEqual([ANSWERS[0], ANSWERS[1], ANSWERS[1]]);
  if (world.ferretdb) expect(asked()[2].by, "another one").not.toBe(hanging.by);
  await pair.revive();
  await isFinishedOnce(world, admin.page, made);
});

test("a worker killed around the making of a report: there is one in the end, of all that is known", async ({ world, admin }) => {
  const seed = Number(process.env.SEED) || 7;
  const chance = chanceFrom(seed);
  const { model } = world;
  const pair = await workers(world);
  const all: Made[] = [];
  for (let round = 0; round < 6; round += 1) {
    const names = ["Una", "Duo", "Tria"].map((name) => `${name} Round ${round + 1}`);
    const made = await Promise.all(names.map((name) => pair.api().create({ name, questions: QUESTIONS })));
    all.push(...made);
    await pair.revive();
    const before = model.judged.length;
    await Promise.all(made.map((one) => pair.api().interview(one, ANSWERS)));
    const some = chance.pick(made);
    switch (chance.pick(["judged", "made", "told"])) {
      case "judged":
        await model.hasJudged(before + chance.between(4, made.length * ANSWERS.length));
        break;
      case "made":
        await reportOf(pair.api(), some);
        break;
      case "told":
        await until(`news of the report on ${some.name}`, async () => receiver.about(some.id, "report.ready").length > 0);
    }
    await pair.kill();
  }
  await pair.revive();
  for (const made of all) {
    await test.step(`${made.name}, seed ${seed}`, () => isFinishedOnce(world, admin.page, made));
  }
});

test("a model that babbles once is asked again; one that always does is passed over, and the report says so", async ({ world, admin }) => {
  const { api, model } = world;
  const desk = new Desk(admin.page);
  const wish = { questions: QUESTIONS.slice(0, 1) };
  const judged = async (name: string) => {
    const made = await api.create({ ...wish, name });
    await api.interview(made, ANSWERS.slice(0, 1));
    const report = await reportOf(api, made);
    await desk.page.goto(`/admin/session/${made.id}/report`);
    await desk.reportIsReady();
    return report;
  };

  model.next.push("babbles");
  const once = await judged("Ona Once");
  expect(once.evaluated_by).toEqual([model.name]);
  expect(once.questions[0].evaluation.criteria.depth).toMatchObject({ score: 8, quotes: ["I measure before"] });
  await expect(desk.graded(1)).toContainText(`8.0 of 10, by ${model.name}`);
  await expect(desk.section("What was not measured")).toContainText("The language model gave this verdict at attempt 2.");

  model.mood = "babbles";
  const never = await judged("Nea Never");
  expect(never.evaluated_by).toEqual(["offline rules"]);
  await expect(desk.graded(1)).toContainText("of 10, by offline rules");
  await expect(desk.section("Details")).toContainText("offline rules");
  await expect(desk.section("What was not measured")).toContainText(
    "The language model gave a reply that cannot be used (no completion); offline rules evaluated instead.",
  );
});
