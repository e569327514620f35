// In place of a language model: an endpoint that judges every answer alike, or misbehaves as told.
import { type Server, type ServerResponse, createServer } from "node:http";
import { json } from "node:stream/consumers";
import { freePort } from "./ports.ts";

export type Mood = "judges" | "hangs" | "babbles";

export class Model {
  readonly name = "small-judge";
  /** How it treats whom it has no other orders for. */
  mood: Mood = "judges";
  /** How it treats the next ones who ask. */
  readonly next: Mood[] = [];
  /** The answers that it was asked about, in the order of asking, and the names of the servers that asked. */
  readonly asked: { answer: string; by: string }[] = [];
  /** The answers that it gave a verdict on. */
  readonly judged: string[] = [];
  private readonly waiting: { verdicts: number; resolve: () => void }[] = [];

  private constructor(
    /** What `/chat/completions` is added to. */
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Model> {
    const port = await freePort();
    const server = createServer(async (request, response) => {
      const { messages } = (await json(request)) as { messages: { content: string }[] };
      // The answer stands alone in the last message, between two lines.
      const answer = messages.at(-1)?.content.split("\n").slice(1, -1).join("\n") ?? "";
      model.asked.push({ answer, by: request.headers.authorization?.replace("Bearer ", "") ?? "" });
      model.treat(answer, response);
    });
    const model = new Model(`http://127.0.0.1:${port}/v1`, server);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    return model;
  }

  /** Resolves as soon as it has given so many verdicts. */
  hasJudged(verdicts: number): Promise<void> {
    if (this.judged.length >= verdicts) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ verdicts, resolve }));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private treat(answer: string, response: ServerResponse): void {
    const mood = this.next.shift() ?? this.mood;
    // Whoever asked goes away some time, and the connection with them.
    if (mood === "hangs") return;
    response.writeHead(200, { "content-type": "application/json" });
    if (mood === "babbles") {
      response.end("<html>Bad luck</html>");
      return;
    }
    const criterion = { quotes: [answer.split(" ").slice(0, 3).join(" ")], sentence: "It says what it should.", score: 8 };
    const verdict = { relevance: criterion, correctness: criterion, depth: criterion, clarity: criterion };
    const message = { role: "assistant", content: JSON.stringify(verdict) };
    response.end(JSON.stringify({ choices: [{ message }] }), () => {
      this.judged.push(answer);
      for (const one of this.waiting) if (one.verdicts <= this.judged.length) one.resolve();
    });
  }
}
