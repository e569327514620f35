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

test("a page that claims somebody in an empty chair is found out", async ({ world, browser }) => {
  const { id, joinUrl } = await world.api.create({ name: "Ghost", questions, proctored: true, textTimer: 600 });
  const camera = await watching(await film(browser, { film: films.nobody, seconds: 3 }));
  try {
    const context = await camera.newContext({ permissions: ["camera", "microphone"] });
    const claim = { look: { Clear: { faces: 1, head: { yaw: 0, pitch: 0 } } }, faces: [], brightness: 120, searched: true, ms: 5 };
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
