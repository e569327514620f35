// Free ports. Below the range that systems give to outgoing connections, and apart from those of tests that run at the same
// time, so that a server that is stopped finds its port free when it starts again.
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Ports of each process that runs tests. */
const EACH = 1_000;
const FROM = 20_000 + (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 10) * EACH;
const taken = new Set<number>();

function tcpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function udpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}

/** A port that is free for TCP and UDP, and was not given out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * EACH);
    if (taken.has(port) || !(await tcpIsFree(port)) || !(await udpIsFree(port))) continue;
    taken.add(port);
    return port;
  }
}
