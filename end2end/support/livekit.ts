// A LiveKit for this machine alone, and the one question that the tests ask it behind the server's back.
import { createHmac, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Daemon } from "./daemon.ts";
import { freePort } from "./ports.ts";
import { programs } from "./programs.ts";
import { answers } from "./wait.ts";

export interface LiveKitAccess {
  /** `ws://…` */
  url: string;
  apiKey: string;
  apiSecret: string;
}

export class LiveKit extends Daemon {
  private constructor(
    readonly access: LiveKitAccess,
    config: string,
  ) {
    const isReady = () => answers(access.url.replace("ws:", "http:"));
    super("LiveKit", { program: programs.livekit, args: ["--config", config], isReady });
  }

  /** Writes a configuration into `dir`. Its webhooks go to `webhook`. */
  static async configure(dir: string, webhook: string): Promise<LiveKit> {
    const port = await freePort();
    const access = {
      url: `ws://127.0.0.1:${port}`,
      apiKey: "e2e",
      apiSecret: randomBytes(24).toString("hex"),
    };
    const config = join(dir, "livekit.yaml");
    const settings = {
      port,
      bind_addresses: ["127.0.0.1"],
      rtc: {
        node_ip: "127.0.0.1",
        use_external_ip: false,
        enable_loopback_candidate: true,
        tcp_port: await freePort(),
        udp_port: await freePort(),
      },
      room: { auto_create: false },
      keys: { [access.apiKey]: access.apiSecret },
      webhook: { api_key: access.apiKey, urls: [webhook] },
      logging: { level: "info" },
    };
    // JSON is a part of YAML.
    await writeFile(config, JSON.stringify(settings), { mode: 0o600 });
    return new LiveKit(access, config);
  }

  /** The names of all rooms that LiveKit holds. */
  async rooms(): Promise<string[]> {
    const answer = await this.call("ListRooms", {}, { roomList: true });
    return (answer.rooms ?? []).map((room: { name: string }) => room.name);
  }

  /** The identities in a room. Hidden observers are among them. */
  async participants(room: string): Promise<string[]> {
    const answer = await this.call("ListParticipants", { room }, { roomAdmin: true, room });
    return (answer.participants ?? []).map((participant: { identity: string }) => participant.identity);
  }

  private async call(method: string, body: object, grants: object) {
    const url = `${this.access.url.replace("ws:", "http:")}/twirp/livekit.RoomService/${method}`;
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token(grants)}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`LiveKit's ${method} answers ${response.status}: ${await response.text()}`);
    return response.json();
  }

  private token(video: object): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.access.apiKey, nbf: now - 5, exp: now + 60, video };
    const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${signed}.${createHmac("sha256", this.access.apiSecret).update(signed).digest("base64url")}`;
  }
}
