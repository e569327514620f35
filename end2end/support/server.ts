// The server under test: its port, its data and its credentials stay the same over restarts.
import { join } from "node:path";
import { Daemon } from "./daemon.ts";
import type { LiveKitAccess } from "./livekit.ts";
import { programs } from "./programs.ts";
import { answers } from "./wait.ts";

export interface ServerSettings {
  port: number;
  /** Working directory and data. */
  dir: string;
  /** Where candidates reach it. */
  publicUrl: string;
  livekit?: LiveKitAccess;
  mongodb?: { uri: string; database: string };
  /** A language model that judges answers. Without one, rules on the server do. */
  model?: { url: string; name: string };
}

/** Whom the tests log in as. */
export const ADMIN = { email: "admin@example.com", password: "correct horse battery" };

export const API_KEY = "pi_key_for_end_to_end_tests";

export class Server extends Daemon {
  readonly url: string;

  constructor({ port, dir, publicUrl, livekit, mongodb, model }: ServerSettings, name = "server") {
    const address = `127.0.0.1:${port}`;
    const url = `http://${address}`;
    const env: Record<string, string> = {
      LISTEN_ADDR: address,
      PUBLIC_URL: publicUrl,
      DATA_DIR: join(dir, "data"),
      LEPTOS_SITE_ROOT: programs.site,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      API_KEY,
      // The same at all workers of one store.
      EVIDENCE_KEY: Buffer.alloc(32, 7).toString("base64"),
      // So often that a test need not wait for them.
      SPOT_CHECK_SECONDS: "2",
      // Receivers of tests are here.
      WEBHOOK_ALLOW_INTERNAL: "1",
      RUST_LOG: "info",
    };
    if (livekit) {
      env.LIVEKIT_URL = livekit.url;
      env.LIVEKIT_API_KEY = livekit.apiKey;
      env.LIVEKIT_API_SECRET = livekit.apiSecret;
    }
    if (mongodb) {
      env.MONGODB_URI = mongodb.uri;
      env.MONGODB_DB = mongodb.database;
    }
    if (model) {
      env.LLM_BASE_URL = model.url;
      env.LLM_MODEL = model.name;
      // So that the model knows who asks.
      env.LLM_API_KEY = name;
    }
    const isReady = () => answers(`${url}/health/ready`);
    super(name, { program: programs.server, env, cwd: dir, isReady });
    this.url = url;
  }
}
