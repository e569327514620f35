// The network between candidates' browsers and the server: it can break, and it can swallow everything without a word.
import { type Server, type Socket, connect, createServer } from "node:net";
import { once } from "node:events";

export class Proxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private state: "whole" | "cut" | "silent" = "whole";

  /** Between `port` on this machine, where browsers come, and `target`, where the server listens. */
  constructor(
    private readonly port: number,
    private readonly target: number,
  ) {
    this.server = createServer((browser) => this.join(browser));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
  }

  /** Breaks every connection, and each new one at once. */
  cut(): void {
    this.state = "cut";
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets nothing through any more; neither side is told. */
  silence(): void {
    this.state = "silent";
    for (const socket of this.sockets) socket.pause();
  }

  /** Works again. What was swallowed arrives late, as from a network that sends lost packets again. */
  mend(): void {
    this.state = "whole";
    for (const socket of this.sockets) socket.resume();
  }

  async stop(): Promise<void> {
    this.cut();
    if (!this.server.listening) return;
    const closed = once(this.server, "close");
    this.server.close();
    await closed;
  }

  private join(browser: Socket): void {
    if (this.state === "cut") {
      browser.on("error", () => {}).destroy();
      return;
    }
    const server = connect(this.target, "127.0.0.1");
    for (const [from, to] of [
      [browser, server],
      [server, browser],
    ]) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (bytes) => {
        if (!to.destroyed && !to.write(bytes)) from.pause();
      });
      to.on("drain", () => this.state !== "silent" && from.resume());
      from.on("end", () => to.end());
      // A side that breaks breaks the other; `close` follows every error.
      from.on("error", () => {});
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.state === "silent") from.pause();
    }
  }
}
