// Where the programs under test are. xtask names them; by hand, the usual places of a development build do.
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const named = (variable: string, usual: string) => process.env[variable] || resolve(root, usual);

export const programs = {
  server: named("SERVER_BIN", "target/debug/server"),
  site: named("LEPTOS_SITE_ROOT", "target/site"),
  livekit: named("LIVEKIT_BIN", ".tools/bin/livekit-server"),
  ferretdb: named("FERRETDB_BIN", ".tools/bin/ferretdb"),
  /** Undefined: the browser that Playwright installs. */
  chromium: process.env.CHROMIUM_BIN || ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync),
};

/** Where pictures for the documentation go. */
export const docs = resolve(root, "docs");
