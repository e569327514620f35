// Nothing that was written is lost: a candidate types, and again and again something is killed at a random moment, the tab,
// the network, the server, or the device with all that it kept.
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, BrowserContext } from "@playwright/test";
import type { Admin } from "../pages/admin.ts";
import { Candidate } from "../pages/candidate.ts";
import { type Chance, chanceFrom } from "../support/chance.ts";
import { expect, test } from "../support/fixtures.ts";
import { until } from "../support/wait.ts";
import type { Store, World } from "../support/world.ts";

// A trace looks at the whole page at every key, and types too slowly for it.
test.use({ livekit: false, trace: "off" });

/** The kills are spread over so many interviews, which do not wait for each other. */
const INTERVIEWS = 2;

const KINDS = ["tab", "network", "server"] as const;

/** In all: of each of the kinds, and of devices. What is lost is lost by the page, whatever the store. */
const TIMES = { embedded: [20, 4], mongodb: [10, 2] } as const;

/** What may be gone of the last that was typed, in milliseconds. */
const MAY_LOSE_MS = 2_000;

/** Typing between two kills, in milliseconds. */
const TYPING_MS = [150, 2_600] as const;

/** Between two keys, in milliseconds. */
const KEY_MS = [20, 90] as const;

/** How long network or server are gone, in milliseconds. */
const OUTAGE_MS = [50, 900] as const;

/** Share of the kills around which the answer is submitted. */
const SUBMITTED = 0.4;

const WORDS = "time order proof state queue cache retry lease fault clock event store write again while after".split(" ");

type Kind = (typeof KINDS)[number] | "device";

interface Chances {
  seed: number;
  times: (typeof TIMES)[Store];
}

/** One kill. */
interface Round {
  kind: Kind;
  /** Milliseconds of typing before it. */
  wait: number;
  /** Milliseconds until network or server are there again. */
  outage: number;
  /** A tab that crashes, not one that is closed; a network that breaks, not one that falls silent. */
  breaks: boolean;
  submits: "before" | "after" | "no";
  /** Whether the tab goes too, before what it has could be sent. */
  both: boolean;
}

/** The kills of one interview. */
function plan(chance: Chance, [each, devices]: Chances["times"]): Round[] {
  const times = (kind: Kind, inAll: number) => Array<Kind>(inAll / INTERVIEWS).fill(kind);
  const kinds = [...KINDS.flatMap((kind) => times(kind, each)), ...times("device", devices)];
  return chance.shuffled(kinds).map((kind) => {
    const lasts = kind === "network" || kind === "server";
    return {
      kind,
      wait: chance.between(...TYPING_MS),
      outage: chance.between(...OUTAGE_MS),
      breaks: chance.isLikely(0.5),
      submits: chance.isLikely(SUBMITTED) && kind !== "device" ? (lasts ? chance.pick(["before", "after"]) : "before") : "no",
      both: lasts && chance.isLikely(0.4),
    };
  });
}

/** What a candidate typed into one field, and when each character surely was there. */
class Typed {
  /** With the key that was being pressed when the page went. */
  text = "";
  private readonly at: number[] = [];

  async add(character: string, press: () => Promise<void>): Promise<void> {
    this.text += character;
    await press();
    this.at.push(performance.now());
  }

  /** How many characters stood at that time. */
  lengthAt(time: number): number {
    return this.at.filter((at) => at <= time).length;
  }
}

/** One candidate, whose tab or device may be another one after a kill. */
class Typist {
  private context?: BrowserContext;
  private page?: Candidate;

  constructor(
    private readonly newContext: () => Promise<BrowserContext>,
    private readonly joinUrl: string,
  ) {}

  get now(): Candidate {
    if (!this.page) throw new Error("no page is open");
    return this.page;
  }

  async open(): Promise<void> {
    this.context ??= await this.newContext();
    this.page = new Candidate(await this.context.newPage(), this.joinUrl);
    await this.page.open();
  }

  /** Types until `isOver` or until the page is gone. */
  async type(typed: Typed, chance: Chance, isOver: () => boolean): Promise<void> {
    const { keyboard } = this.now.page;
    let rest = "";
    while (!isOver()) {
      rest ||= `${chance.pick(WORDS)} `;
      const [character] = rest;
      try {
        await typed.add(character, () => keyboard.type(character));
      } catch {
        return;
      }
      rest = rest.slice(1);
      await pause(chance.between(...KEY_MS));
    }
  }

  /** Crashes the tab, or closes it without a word. */
  async killTab(crashes: boolean): Promise<void> {
    const { page } = this.now;
    if (crashes) {
      const browser = await page.context().newCDPSession(page);
      const crashed = page.waitForEvent("crash");
      // It has nobody left to answer.
      browser.send("Page.crash").catch(() => {});
      await crashed;
    }
    await page.close({ runBeforeUnload: false });
  }

  /** The tab and everything that the browser kept. */
  async killDevice(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }
}

/** What the page shows, in one look. */
interface Shown {
  /** Of the question, counted from 1; without end when all are done. */
  number: number;
  text: string;
}

/** Waits until one can write an answer to question `number`, or has come past it. */
function canWrite({ page }: Candidate, number: number): Promise<Shown> {
  return until(`question ${number} is open`, async () => {
    const shown = await page.evaluate(() => {
      const heading = document.querySelector("h1")?.textContent ?? "";
      if (heading.startsWith("Thank you")) return { number: Number.POSITIVE_INFINITY, text: "" };
      const [, number] = /^Question (\d+)\?$/.exec(heading) ?? [];
      const field = document.querySelector<HTMLTextAreaElement>("textarea.answer");
      return number && field && !field.readOnly ? { number: Number(number), text: field.value } : undefined;
    });
    return shown && shown.number >= number && shown;
  });
}

async function draftOf(world: World, invite: string): Promise<{ question: number; text: string } | null> {
  return (await world.api.rpc("load_interview", { invite })).body.draft;
}

test.afterEach(async ({ world }) => {
  world.network.mend();
  if (!world.server.isRunning) await world.server.start();
});

for (let interview = 1; interview <= INTERVIEWS; interview += 1) {
  test(`tab, network and server are killed while one types, and nothing older than two seconds is gone (${interview})`, async ({
    world,
    browser,
    admin,
    store,
  }) => {
    test.setTimeout(300_000);
    const seed = Number(process.env.LOSS_SEED ?? Math.floor(Math.random() * 2 ** 32));
    console.log(`Random moments of interview ${interview}: LOSS_SEED=${seed}`);
    await isTypedThroughKills(world, browser, admin, { seed, times: TIMES[store] });
  });
}

async function isTypedThroughKills(world: World, browser: Browser, admin: Admin, { seed, times }: Chances): Promise<void> {
  const rounds = plan(chanceFrom(seed), times);
  const { api, network, server } = world;
  const questions = rounds.map((_, index) => ({ text: `Question ${index + 1}?` }));
  const { id, joinUrl, invite } = await api.create({ name: "Lois Lossless", questions, textTimer: 3_600 });
  await api.rpc("give_consent", { invite });
  await api.rpc("report_devices", { invite, camera: false, microphone: false });

  const typist = new Typist(() => browser.newContext(), joinUrl);
  await typist.open();
  await typist.now.start(questions[0].text);
  const submitted: string[] = [];
  const began = performance.now();
  let gone = 0;

  for (const [index, round] of rounds.entries()) {
    const { kind, wait, outage, breaks, submits, both } = round;
    const number = index + 1;
    await canWrite(typist.now, number);
    await typist.now.answerField.focus();

    let over = false;
    let pressed = false;
    const typed = new Typed();
    const typing = typist.type(typed, chanceFrom(seed + number), () => over);
    const submit = async () => {
      over = true;
      await typing;
      pressed = typed.text !== "";
      if (pressed) await typist.now.submitButton.click();
    };

    await pause(wait);
    if (submits === "before") await submit();
    let killedAt = performance.now();
    if (kind === "tab") await typist.killTab(breaks);
    if (kind === "device") await typist.killDevice();
    if (kind === "network" && breaks) network.cut();
    if (kind === "network" && !breaks) network.silence();
    if (kind === "server") await server.kill();
    if (kind === "network" || kind === "server") {
      await pause(outage);
      if (submits === "after") await submit();
      if (both) {
        killedAt = performance.now();
        await typist.killTab(breaks);
      }
      network.mend();
      if (kind === "server") await server.start();
    }
    over = true;
    await typing;
    const backAt = performance.now();

    // What the page of old had, the page that goes on must have; a new one may lack the last two seconds.
    const isNew = both || kind === "tab" || kind === "device";
    if (isNew) await typist.open();
    const shown = await canWrite(typist.now, number);
    const taken = shown.number > number;
    const standing = typed.lengthAt(killedAt - MAY_LOSE_MS);
    const least = isNew && !pressed ? standing : typed.text.length;
    if (!taken && !isNew) {
      const has = async () => (await draftOf(world, invite))?.text === shown.text;
      await until("the server has what stands in the field", has);
    }
    const line = [
      `${String(number).padStart(2)} ${both ? `${kind}+tab` : kind}`.padEnd(14),
      `after ${wait} ms`,
      `${standing} characters 2 s before, ${typed.text.length} in all`,
      taken ? "taken" : `${shown.text.length} found`,
      pressed ? `submitted ${submits}` : "",
      isNew ? "" : `there again after ${Math.round(performance.now() - backAt)} ms`,
    ];
    console.log(line.filter(Boolean).join(", "));
    expect(taken && !pressed, `question ${number} is taken only if it was submitted`).toBe(false);
    if (taken) {
      submitted.push(typed.text);
      continue;
    }
    expect(typed.text.startsWith(shown.text), `question ${number}: "${typed.text}" begins "${shown.text}"`).toBe(true);
    expect(shown.text.length, `question ${number}: what is there of "${typed.text}"`).toBeGreaterThanOrEqual(least);
    gone += typed.text.length - shown.text.length;
    submitted.push(shown.text);
    await typist.now.button(/^(Submit and|Continue without|Finish without)/).click();
    if (shown.text === "") await typist.now.button("Leave it empty").click();
  }

  await typist.now.isDone();
  console.log(`${rounds.length} kills in ${Math.round((performance.now() - began) / 1000)} s, ${gone} characters gone in all`);
  const { answers } = await (await admin.page.request.post("/rpc/load_session", { form: { id } })).json();
  expect(answers.map((answer: { question: number }) => answer.question)).toEqual(rounds.map((_, index) => index));
  expect(answers.map((answer: { text: string }) => answer.text)).toEqual(submitted);
}
