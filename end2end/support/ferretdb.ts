// A server that speaks MongoDB's wire protocol, over an empty directory.
import { connect } from "node:net";
import { Daemon } from "./daemon.ts";
import { freePort } from "./ports.ts";
import { programs } from "./programs.ts";

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.end());
  });
}

export class FerretDb extends Daemon {
  private constructor(
    readonly uri: string,
    port: number,
    dir: string,
  ) {
    const args = ["-listen", `127.0.0.1:${port}`, "-dir", dir];
    super("FerretDB", { program: programs.ferretdb, args, isReady: () => accepts(port) });
  }

  static async configure(dir: string): Promise<FerretDb> {
    const port = await freePort();
    return new FerretDb(`mongodb://127.0.0.1:${port}/`, port, dir);
  }
}
