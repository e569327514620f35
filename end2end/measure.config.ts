// Measurements in a real browser, for `cargo xtask bench`: they print figures and fail only where nothing could be measured.
import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

export default defineConfig(base, { testDir: "measure", retries: 0, projects: [{ name: "embedded" }] });
