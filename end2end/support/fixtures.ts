// What every spec gets: a running world, candidates and an admin in browsers of their own.
import { type BrowserContext, type BrowserContextOptions, test as base } from "@playwright/test";
import { Admin } from "../pages/admin.ts";
import { Candidate } from "../pages/candidate.ts";
import { ADMIN } from "./server.ts";
import { World, type WorldOptions } from "./world.ts";

export type Options = WorldOptions;

type Login = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface PerWorker extends Options {
  world: World;
  /** An admin's login through the form. Shared, because logins are limited per account. */
  login: Login;
}

interface PerTest {
  /** Opens a candidate's link in a browser of its own. `script` runs in the page before its own ones. */
  candidate: (joinUrl: string, options?: BrowserContextOptions, script?: string) => Promise<Candidate>;
  /** Someone who hires, logged in, in a browser of their own. */
  admin: Admin;
  logs: undefined;
}

export const test = base.extend<PerTest, PerWorker>({
  store: ["embedded", { option: true, scope: "worker" }],
  livekit: [true, { option: true, scope: "worker" }],
  model: [false, { option: true, scope: "worker" }],
  secure: [false, { option: true, scope: "worker" }],

  world: [
    async ({ store, livekit, model, secure }, use) => {
      const world = await World.start({ store, livekit, model, secure });
      await use(world);
      await world.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  login: [
    async ({ browser, world }, use) => {
      const context = await browser.newContext({ baseURL: world.server.url });
      await new Admin(await context.newPage()).logIn(ADMIN);
      const login = await context.storageState();
      await context.close();
      await use(login);
    },
    { scope: "worker" },
  ],

  // What a relative address is relative to.
  baseURL: async ({ world }, use) => use(world.server.url),

  candidate: async ({ browser }, use) => {
    const opened: Candidate[] = [];
    await use(async (joinUrl, options, script = "") => {
      const context = await browser.newContext({ permissions: ["camera", "microphone"], ...options });
      await context.addInitScript(script);
      const candidate = new Candidate(await context.newPage(), joinUrl);
      opened.push(candidate);
      await candidate.open();
      return candidate;
    });
    for (const candidate of opened) await candidate.page.context().close();
  },

  admin: async ({ browser, world, login }, use) => {
    const context = await browser.newContext({
      baseURL: world.server.url,
      storageState: login,
      viewport: { width: 1280, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await use(new Admin(await context.newPage()));
    await context.close();
  },

  logs: [
    async ({ world }, use, info) => {
      const before = world.daemons.map((daemon) => daemon.log.length);
      await use(undefined);
      if (info.status === info.expectedStatus) return;
      for (const [index, daemon] of world.daemons.entries()) {
        await info.attach(`${daemon.name}.log`, { body: daemon.log.slice(before[index]), contentType: "text/plain" });
      }
    },
    { auto: true },
  ],
});

export { expect } from "@playwright/test";
