// Pages that lie: what they say to the server is changed on the way, left out, taken from elsewhere or made up.
import { type Page } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import type { Api } from "../support/api.ts";
import { film, films, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible, photograph } from "../support/looks.ts";
import { until } from "../support/wait.ts";
import { KIND, is } from "../support/wire.ts";

const questions = [{ text: "What is a lie worth?" }];

// What is said is the point here, not what is watched live.
test.use({ livekit: false });

const FOUND = { timeout: 60_000 };

/** What is sent in place of a batch. `earlier`: those before it. */
type Lie = (batch: Buffer, earlier: Buffer[]) => Buffer[];

/** What happens to the third batch. */
const lies: Record<string, Lie> = {
  "changes a batch": (batch) => {
    const changed = Buffer.from(batch);
    changed[changed.length - 1] ^= 1;
    return [changed];
  },
  "leaves a batch out": () => [],
  "sends an earlier batch in place of a new one": (_, earlier) => [earlier[0]],
  "makes a batch up": (batch) => [Buffer.concat([batch.subarray(0, 3), Buffer.alloc(60, 9)])],
};

/** Tells lies on the page's channel. Gives the batches that the page means to send. */
async function lie(page: Page, about: Lie): Promise<Buffer[]> {
  const batches: Buffer[] = [];
  await page.routeWebSocket(/\/ws\/interview$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!is(message, KIND.batch)) return server.send(message);
      const earlier = [...batches];
      batches.push(message);
      for (const sent of batches.length === 3 ? about(message, earlier) : [message]) server.send(sent);
    });
  });
  return batches;
}

interface Told {
  /** Begins an interview whose page tells lies, and gives its batches. */
  begun: (name: string, about: Lie) => Promise<{ id: string; candidate: Candidate; batches: Buffer[] }>;
}

const told = test.extend<Told>({
  begun: async ({ world, candidate: open }, use) => {
    await use(async (name, about) => {
      const { id, joinUrl } = await world.api.create({ name, questions, proctored: true });
      const candidate = await open("about:blank");
      const batches = await lie(candidate.page, about);
      await candidate.page.goto(joinUrl);
      await candidate.begin(questions[0].text);
      return { id, candidate, batches };
    });
  },
});

told("an honest page is not accused, and neither is one that repeats itself", async ({ world, begun }) => {
  const honest = await begun("Hanna Honest", (batch) => [batch]);
  const twice = await begun("Rita Repeat", (batch, earlier) => [earlier[0], batch, batch]);
  for (const { id, candidate, batches } of [honest, twice]) {
    await until("more was sent", () => batches.length > 3, FOUND);
    await candidate.answer("Not much.");
    await candidate.isDone();
    expect(await world.api.flagged(id)).not.toContain("tampering");
  }
});

/** Waits until it is found. The interview goes on, and so does its log. */
async function isFound(api: Api, { id, candidate }: { id: string; candidate: Candidate }): Promise<void> {
  await until("it is found", async () => (await api.flagged(id)).includes("tampering"), FOUND);
  const found = (await api.violations(id)).find(({ kind }) => kind === "tampering");
  expect(found?.detail).toBeTruthy();
  await candidate.answer("Nothing.");
  await candidate.isDone();
}

for (const [what, about] of Object.entries(lies)) {
  told(`a page that ${what} is found out`, async ({ world, begun }) => {
    await isFound(world.api, await begun("Lars Liar", about));
  });
}

told("a page that sends a batch of another interview is found out", async ({ world, begun }) => {
  const { batches } = await begun("Hanna Honest", (batch) => [batch]);
  await until("there is a batch to lie with", () => batches.length > 0, FOUND);
  await isFound(world.api, await begun("Lars Liar", (batch) => [batches[0], batch]));
});

/** Ways to say less than is asked for: what the page sends, if anything, and whether it hangs up when it hears this. */
const silences: Record<string, { kind: string; up?: (message: Buffer) => Buffer[]; hangsUp?: (message: string | Buffer) => boolean }> = {
  "never opens a log": { kind: "unwatched", up: () => [] },
  "hangs up when a picture is asked for": { kind: "contradiction", hangsUp: (message) => is(message, KIND.showMe) },
  "sends junk for a picture": {
    kind: "contradiction",
    up: (message) => {
      if (!is(message, KIND.frame)) return [message];
      const junk = Buffer.from(message);
      junk.fill(0, junk.indexOf(Buffer.from([0xff, 0xd8, 0xff])) + 3, junk.length - 2);
      return [junk];
    },
  },
};

/** Silence is flagged sooner than usual. */
const soon = { note_after_ms: 2_000, flag_after_ms: 5_000, escalate_after_ms: null };

for (const [what, { kind, up, hangsUp }] of Object.entries(silences)) {
  test(`a page that ${what} is found out`, async ({ world, candidate }) => {
    const jobId = await world.api.job({ title: "Mime", questions, proctoring: { policy: { rules: { unwatched: soon } } } });
    const { id, joinUrl } = await world.api.create({ name: "Silas Silent", questions, proctored: true, textTimer: 600, jobId });
    const silas = await candidate("about:blank");
    await silas.page.routeWebSocket(/\/ws\/interview$/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const sent = typeof message === "string" || !up ? [message] : up(message);
        for (const part of sent) server.send(part);
      });
      server.onMessage((message) => {
        if (!hangsUp?.(message)) return socket.send(message);
        server.close();
        socket.close();
      });
    });
    await silas.page.goto(joinUrl);
    await silas.begin(questions[0].text);
    await until("it is found", async () => (await world.api.flagged(id)).includes(kind), { timeout: 120_000 });
    // The interview goes on.
    await silas.answer("Nothing.");
    await silas.isDone();
  });
}

test("an interview without a live connection goes on, says that nothing is reported, and is no grave matter", async ({ world, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Nell Network", questions, proctored: true, textTimer: 600 });
  const nell = await candidate("about:blank");
  await nell.page.routeWebSocket(/\/ws\/interview$/, (socket) => socket.close());
  await nell.page.goto(joinUrl);
  await nell.begin(questions[0].text);
  await expect(nell.watched).toContainText("nothing can be reported", { timeout: 30_000 });
  await expectAccessible(nell.page, "a question of which nothing is reported");
  await photograph(nell.page, "notice-unreported");
  const found = async () => (await world.api.violations(id)).find(({ kind }) => kind === "unreported");
  const noted = await until("it is noted", found, { timeout: 120_000 });
  expect(noted.counts).toBe(false);
  await nell.answer("Nothing.");
  await nell.isDone();
});

test("a page that claims somebody in an empty chair is found out", async ({ world, browser }) => {
  const { id, joinUrl } = await world.api.create({ name: "Ghost", questions, proctored: true, textTimer: 600 });
  const camera = await watching(await film(browser, { film: films.nobody, seconds: 3 }));
  try {
    const context = await camera.newContext({ permissions: ["camera", "microphone"] });
    const claim = { look: { Clear: { faces: 1, head: { yaw: 0, pitch: 0 } } }, faces: [], brightness: 120, searched: true, ms: 5 };
    await context.route(/\/pkg\/proctor-[^/]+\.js$/, async (route) => {
      const script = await (await route.fetch()).text();
      const looks = ["watch.look(data, width, height)", "watch.check(jpeg)"];
      const lie = JSON.stringify(JSON.stringify(claim));
      const lying = looks.reduce((told, truth) => {
        expect(told).toContain(truth);
        return told.replace(truth, lie);
      }, script);
      await route.fulfill({ body: lying, contentType: "text/javascript" });
    });
    const ghost = new Candidate(await context.newPage(), joinUrl);
    await ghost.open();
    await ghost.begin(questions[0].text);
    await until("it is found", async () => (await world.api.flagged(id)).includes("contradiction"), { timeout: 90_000 });
    const found = (await world.api.violations(id)).find(({ kind }) => kind === "contradiction");
    expect(found?.detail).toContain("nobody");
    await until("there is evidence", async () => {
      return (await world.api.violations(id)).some(({ kind, stills }) => kind === "contradiction" && stills.length > 0);
    }, FOUND);
  } finally {
    await camera.close();
  }
});
