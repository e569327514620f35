// Everything that one test run needs besides a browser: server, LiveKit, store.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "./api.ts";
import type { Daemon } from "./daemon.ts";
import { FerretDb } from "./ferretdb.ts";
import { LiveKit } from "./livekit.ts";
import { Model } from "./model.ts";
import { freePort } from "./ports.ts";
import { Proxy } from "./proxy.ts";
import { API_KEY, Server, type ServerSettings } from "./server.ts";

export type Store = "embedded" | "mongodb";

export interface WorldOptions {
  store: Store;
  /** Whether there is a LiveKit. */
  livekit: boolean;
  /** Whether a language model judges the answers. */
  model: boolean;
  /** Whether links begin with https, as behind a load balancer. What they lead to is served without. */
  secure: boolean;
}

export class World {
  private readonly others: Server[] = [];

  private constructor(
    readonly dir: string,
    readonly server: Server,
    readonly livekit: LiveKit,
    readonly ferretdb: FerretDb | undefined,
    /** What candidates reach the server through. Admins and the API have a network of their own. */
    readonly network: Proxy,
    readonly api: Api,
    private readonly hasLivekit: boolean,
    private readonly maybeModel: Model | undefined,
    private readonly settings: ServerSettings,
  ) {}

  /** Starts all of it, empty. */
  static async start({ store, livekit: hasLivekit, model: hasModel, secure }: WorldOptions): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), "interview-e2e-"));
    await mkdir(join(dir, "data"));
    const ferretdb = store === "mongodb" ? await FerretDb.configure(join(dir, "mongodb")) : undefined;
    const port = await freePort();
    const livekit = await LiveKit.configure(dir, `http://127.0.0.1:${port}/webhooks/livekit`);
    const mongodb = ferretdb && { uri: ferretdb.uri, database: "interviews" };
    const network = new Proxy(await freePort(), port);
    const model = hasModel ? await Model.start() : undefined;
    const publicUrl = secure ? network.url.replace("http:", "https:") : network.url;
    const settings = { port, dir, publicUrl, livekit: hasLivekit ? livekit.access : undefined, mongodb, model };
    const server = new Server(settings);
    const api = new Api(server.url, API_KEY);
    const world = new World(dir, server, livekit, ferretdb, network, api, hasLivekit, model, settings);
    try {
      await Promise.all([hasLivekit && livekit.start(), ferretdb?.start(), network.start()]);
      await server.start();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  get daemons(): Daemon[] {
    const livekit = this.hasLivekit ? this.livekit : undefined;
    return [this.server, livekit, this.ferretdb, ...this.others].filter((daemon) => daemon !== undefined);
  }

  /** The language model, in a world with one. */
  get model(): Model {
    if (!this.maybeModel) throw new Error("this world has no language model");
    return this.maybeModel;
  }

  /** Starts one more server over the same database. */
  startAnother = async (): Promise<{ server: Server; api: Api }> => {
    if (!this.ferretdb) throw new Error("the embedded store is for one server alone");
    const server = new Server({ ...this.settings, port: await freePort() }, `server-${this.others.length + 2}`);
    this.others.push(server);
    await server.start();
    return { server, api: new Api(server.url, API_KEY) };
  };

  /** Stops all of it and removes its data. */
  async stop(): Promise<void> {
    await Promise.all([this.server, ...this.others].map((server) => server.stop()));
    await Promise.all([this.livekit.stop(), this.ferretdb?.stop(), this.network.stop(), this.maybeModel?.stop()]);
    await rm(this.dir, { recursive: true, force: true });
  }
}
