// A program that runs beside the tests: started, watched, and stopped by its own process handle.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "./wait.ts";

const STOP_LIMIT_MS = 5_000;
const running = new Set<ChildProcess>();

// When the worker goes down without its fixtures' teardown, nothing is left behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface Command {
  program: string;
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Tells when it serves. */
  isReady: () => Promise<boolean>;
}

export class Daemon {
  private child?: ChildProcess;
  private lines = "";

  constructor(
    readonly name: string,
    private readonly command: Command,
  ) {}

  /** What it wrote, over all its starts. */
  get log(): string {
    return this.lines;
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    const { program, args = [], env = {}, cwd, isReady } = this.command;
    // Nothing of this shell's settings reaches the program but what every program needs.
    const base = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", TZ: "UTC" };
    const child = spawn(program, args, { cwd, env: { ...base, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.lines += text));
    }
    let failure = "";
    child.once("error", (error) => (failure = String(error)));
    child.once("exit", (code, signal) => {
      running.delete(child);
      if (this.child === child) this.child = undefined;
      failure ||= `it ended with ${signal ?? code}`;
      this.lines += `--- ${this.name} ended: ${signal ?? code}\n`;
    });
    const tail = () => `${failure} Its last words:\n${this.lines.slice(-2_000)}\n`;
    await until(
      `${this.name} serves`,
      async () => {
        if (failure) return "failed";
        return (await isReady()) && "ready";
      },
      { why: tail },
    );
    if (failure) throw new Error(`${this.name} does not start: ${tail()}`);
  }

  /** Asks it to end, and makes it end after five seconds. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(force);
  }
}
