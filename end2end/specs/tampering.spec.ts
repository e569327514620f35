// Pages that lie: what they say to the server is changed on the way, left out, taken from elsewhere or made up.
import { type Page } from "@playwright/test";
import { Candidate } from "../pages/candidate.ts";
import { film, films, watching } from "../support/camera.ts";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";

const questions = [{ text: "What is a lie worth?" }];

const FOUND = { timeout: 60_000 };

/** The first bytes of a batch: the messages' version, and which message it is. */
const isBatch = (message: string | Buffer): message is Buffer =>
  typeof message !== "string" && message[0] === 1 && message[1] === 1;

/** Whether it is binary, and of this kind: their places in proctor::wire::Up and Down. */
const is = (message: string | Buffer, kind: number): message is Buffer => typeof message !== "string" && message[1] === kind;
const [FRAME, SHOW_ME] = [2, 3];

/** Batches that another interview's page has sent. */
const others: Buffer[] = [];

type Lie = (batch: Buffer) => Buffer[];

/** What happens to the third batch. */
const lies: Record<string, Lie> = {
  "changes a batch": (batch) => {
    const changed = Buffer.from(batch);
    changed[changed.length - 1] ^= 1;
    return [changed];
  },
  "leaves a batch out": () => [],
  "sends a batch of another interview": (batch) => [others[0], batch],
  "makes a batch up": (batch) => [Buffer.concat([batch.subarray(0, 3), Buffer.alloc(60, 9)])],
};

/** Tells lies on the page's channel. */
async function lie(page: Page, about: Lie): Promise<void> {
  let batches = 0;
  await page.routeWebSocket(/\/ws\/interview$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!isBatch(message)) return server.send(message);
      batches += 1;
      for (const sent of batches === 3 ? about(message) : [message]) server.send(sent);
    });
  });
}

test("an honest page is not accused", async ({ world, candidate }) => {
  const { id, joinUrl } = await world.api.create({ name: "Hanna Honest", questions, proctored: true });
  const hanna = await candidate("about:blank");
  await lie(hanna.page, (batch) => {
    others.push(Buffer.from(batch));
    return [batch];
  });
  await hanna.page.goto(joinUrl);
  await hanna.begin(questions[0].text);
  await until("there is a batch to lie with", () => others.length > 0, FOUND);
  expect(await world.api.flagged(id)).not.toContain("tampering");
});

for (const [what, about] of Object.entries(lies)) {
  test(`a page that ${what} is found out`, async ({ world, candidate }) => {
    const { id, joinUrl } = await world.api.create({ name: "Lars Liar", questions, proctored: true });
    const lars = await candidate("about:blank");
    await lie(lars.page, about);
    await lars.page.goto(joinUrl);
    await lars.begin(questions[0].text);
    await until("it is found", async () => (await world.api.flagged(id)).includes("tampering"), FOUND);
    const found = (await world.api.violations(id)).find(({ kind }) => kind === "tampering");
    expect(found?.detail).toBeTruthy();
    // The interview goes on, and so does its log.
    await lars.answer("Nothing.");
    await lars.isDone();
  });
}

/** Ways to say less than is asked for: what the page sends, if anything, and whether it hangs up when it hears this. */
const silences: Record<string, { kind: string; up?: (message: Buffer) => Buffer[]; hangsUp?: (message: string | Buffer) => boolean }> = {
  "never opens a log": { kind: "unwatched", up: () => [] },
  "hangs up when a picture is asked for": { kind: "contradiction", hangsUp: (message) => is(message, SHOW_ME) },
  "sends junk for a picture": {
    kind: "contradiction",
    up: (message) => {
      if (!is(message, FRAME)) return [message];
      const junk = Buffer.from(message);
      junk.fill(0, junk.indexOf(Buffer.from([0xff, 0xd8, 0xff])) + 3, junk.length - 2);
      return [junk];
    },
  },
};

for (const [what, { kind, up, hangsUp }] of Object.entries(silences)) {
  test(`a page that ${what} is found out`, async ({ world, candidate }) => {
    const { id, joinUrl } = await world.api.create({ name: "Silas Silent", questions, proctored: true, textTimer: 600 });
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

test("a page that claims somebody in an empty chair is found out", async ({ world, browser }) => {
  const { id, joinUrl } = await world.api.create({ name: "Ghost", questions, proctored: true, textTimer: 600 });
  const camera = await watching(await film(browser, { film: films.nobody, seconds: 3 }));
  try {
    const context = await camera.newContext({ permissions: ["camera", "microphone"] });
    const claim = { look: { Clear: { faces: 1, head: { yaw: 0, pitch: 0, gaze: null } } }, faces: [], brightness: 120, searched: true, ms: 5 };
    await context.route(/\/pkg\/proctor-[^/]+\.js$/, async (route) => {
      const script = await (await route.fetch()).text();
      const lying = script.replace("watch.look(data, width, height)", JSON.stringify(JSON.stringify(claim)));
      expect(lying).not.toBe(script);
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
