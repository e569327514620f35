// Everything that one test run needs besides a browser: server, LiveKit, store.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "./api.ts";
import type { Daemon } from "./daemon.ts";
import { FerretDb } from "./ferretdb.ts";
import { LiveKit } from "./livekit.ts";
import { freePort } from "./ports.ts";
import { Proxy } from "./proxy.ts";
import { API_KEY, Server } from "./server.ts";

export type Store = "embedded" | "mongodb";

export interface WorldOptions {
  store: Store;
  /** Whether there is a LiveKit. */
  video: boolean;
}

export class World {
  private constructor(
    readonly dir: string,
    readonly server: Server,
    readonly livekit: LiveKit,
    readonly ferretdb: FerretDb | undefined,
    /** What candidates reach the server through. Admins and the API have a network of their own. */
    readonly network: Proxy,
    readonly api: Api,
    private readonly video: boolean,
  ) {}

  /** Starts all of it, empty. */
  static async start({ store, video }: WorldOptions): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), "interview-e2e-"));
    await mkdir(join(dir, "data"));
    const ferretdb = store === "mongodb" ? await FerretDb.configure(join(dir, "mongodb")) : undefined;
    const port = await freePort();
    const livekit = await LiveKit.configure(dir, `http://127.0.0.1:${port}/webhooks/livekit`);
    const mongodb = ferretdb && { uri: ferretdb.uri, database: "interviews" };
    const network = new Proxy(await freePort(), port);
    const server = new Server({ port, dir, publicUrl: network.url, livekit: video ? livekit.access : undefined, mongodb });
    const world = new World(dir, server, livekit, ferretdb, network, new Api(server.url, API_KEY), video);
    try {
      await Promise.all([video && livekit.start(), ferretdb?.start(), network.start()]);
      await server.start();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  get daemons(): Daemon[] {
    const livekit = this.video ? this.livekit : undefined;
    return [this.server, livekit, this.ferretdb].filter((daemon) => daemon !== undefined);
  }

  /** Stops all of it and removes its data. */
  async stop(): Promise<void> {
    await this.server.stop();
    await Promise.all([this.livekit.stop(), this.ferretdb?.stop(), this.network.stop()]);
    await rm(this.dir, { recursive: true, force: true });
  }
}
