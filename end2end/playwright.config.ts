// End-to-end tests: real browser, real LiveKit, both stores. `cargo xtask test --only e2e` builds, and runs them.
import { defineConfig } from "@playwright/test";
import type { Options } from "./support/fixtures.ts";
import { programs } from "./support/programs.ts";

export default defineConfig<object, Options>({
  testDir: "specs",
  outputDir: "../test-results",
  // Each worker runs a server, a LiveKit and a browser. Much of a test is waiting, so two of them fit two cores.
  workers: 2,
  fullyParallel: true,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  forbidOnly: Boolean(process.env.CI),
  // Two cores encode video, serve and compile: one more try there, reported as flaky.
  retries: process.env.CI ? 1 : 0,
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    // Of a second try alone, and without a film: it costs as much as the interviews themselves.
    trace: { mode: "on-first-retry", screenshots: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: programs.chromium,
      args: [
        "--no-sandbox",
        // As few pictures as do: encoding them costs more than all the rest.
        "--use-fake-device-for-media-stream=fps=10",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "embedded", use: { store: "embedded" } },
    // What depends on the store. The other pages see only services.
    { name: "mongodb", use: { store: "mongodb" }, testMatch: /(interviews|outages|fair|contact|loss|hiring|evaluation|proctored)\.spec\.ts/ },
  ],
});
