// Somebody else's server: takes webhooks, and refuses some of them.
import { createHmac } from "node:crypto";
import { type Server, createServer } from "node:http";
import { text } from "node:stream/consumers";
import { freePort } from "./ports.ts";

/** What was posted once. */
export interface Arrival {
  /** The same for the same news, however often it comes. */
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  signature: string;
  /** As it came. */
  body: string;
  /** `session.created`, `report.ready` and so on. */
  type: string;
  session: string;
  /** What was answered. */
  status: number;
}

export class Receiver {
  readonly arrivals: Arrival[] = [];
  private readonly refusals: { type: string; left: number; id?: string }[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Receiver> {
    const port = await freePort();
    const server = createServer(async (request, response) => {
      const header = (name: string) => String(request.headers[name] ?? "");
      const body = await text(request);
      const { type, data } = JSON.parse(body);
      const id = header("webhook-id");
      const status = receiver.answerTo(type, id);
      receiver.arrivals.push({
        id,
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body,
        type,
        session: data.session_id,
        status,
      });
      response.writeHead(status).end();
    });
    const receiver = new Receiver(`http://127.0.0.1:${port}/interviews`, server);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    return receiver;
  }

  /** Takes the next piece of news of this type with 500, so many times. */
  refuse(type: string, times: number): void {
    this.refusals.push({ type, left: times });
  }

  /** What came about a session, in the order of its coming. */
  about(session: string, type?: string): Arrival[] {
    return this.arrivals.filter((one) => one.session === session && (type === undefined || one.type === type));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answerTo(type: string, id: string): number {
    const refusal = this.refusals.find((one) => one.type === type && one.left > 0 && (one.id ?? id) === id);
    if (!refusal) return 200;
    refusal.id = id;
    refusal.left -= 1;
    return 500;
  }
}

/** Whether it was signed with the hook's secret (`whsec_…`), as the Standard Webhooks specification has it. */
export function isSigned({ id, timestamp, body, signature }: Arrival, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return key.length > 0 && signature.split(" ").includes(`v1,${mac}`);
}
