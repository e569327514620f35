// The REST API as an integrator calls it, and the candidate's server functions without a browser.
import { randomUUID } from "node:crypto";

export type QuestionKind = "text" | "coding";

export interface Wish {
  name: string;
  email?: string;
  phone?: string;
  questions: { text: string; kind?: QuestionKind }[];
  textTimer?: number;
  codingTimer?: number;
  /** Not unless it is asked for: the browser's made-up camera shows no face. */
  proctored?: boolean;
  /** The job that the questions are of. */
  jobId?: string;
}

/** A session as the API made it. */
export interface Made {
  id: string;
  name: string;
  room: string;
  joinUrl: string;
  invite: string;
  /** What `create` answered. */
  body: Record<string, unknown>;
}

/** A session in the list. */
export interface Listed {
  proctoring_session_id: string;
  status: string;
  user_details: { name: string };
}

/** Something that proctoring flagged or noted. */
export interface Violation {
  id: string;
  kind: string;
  severity: string;
  /** More than a note, and not dismissed. */
  counts: boolean;
  detail: string | null;
  stills: { at: string; path: string }[];
}

/** A delivery to a webhook. */
export interface Sent {
  id: string;
  event: string;
  session_id: string;
  /** `due`, `delivered` or `given_up`. */
  state: string;
  attempts: { at: string; status: number | null; error: string | null }[];
}

export interface Answer {
  status: number;
  body: any;
}

export class Api {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async create({ name, email, phone, questions, textTimer, codingTimer, proctored, jobId }: Wish): Promise<Made> {
    const body = await this.get("POST", "/create", {
      name,
      email: email ?? addressOf(name),
      phone,
      job_id: jobId,
      questions: jobId ? undefined : questions.map((question) => question.text),
      question_types: jobId ? undefined : questions.map((question) => question.kind ?? "text"),
      text_question_timer: textTimer,
      coding_question_timer: codingTimer,
      proctored: proctored ?? false,
    });
    const id: string = body.session_id;
    const joinUrl: string = body.join_url;
    return { id, name, room: `interview-${id}`, joinUrl, invite: joinUrl.split("/").at(-1) ?? "", body };
  }

  /** Makes a job. Answers its id. */
  async job(job: object): Promise<string> {
    return (await this.get("POST", "/jobs", job)).job.id;
  }

  /** `GET /session/{id}`. */
  session = (id: string) => this.get("GET", `/session/${id}`);

  /** What proctoring flagged and noted, in order. */
  async violations(id: string): Promise<Violation[]> {
    return (await this.get("GET", `/session/${id}/violations`)).violations;
  }

  /** How many pictures the server has asked for and looked at. */
  async checks(id: string): Promise<number> {
    return (await this.get("GET", `/session/${id}/violations`)).spot_checks;
  }

  /** The kinds of what counts, each once, by name. */
  async flagged(id: string): Promise<string[]> {
    const counting = (await this.violations(id)).filter((violation) => violation.counts);
    return [...new Set(counting.map((violation) => violation.kind))].sort();
  }

  /** The newest sessions. */
  async sessions(): Promise<Listed[]> {
    return (await this.get("GET", "/sessions?limit=200")).sessions;
  }

  /** The status that the list shows: `initialized`, `in_progress` or `completed`. */
  async status(id: string): Promise<string | undefined> {
    return (await this.sessions()).find((session) => session.proctoring_session_id === id)?.status;
  }

  start = (id: string) => this.get("POST", `/session/${id}/start`);

  end = (id: string) => this.get("POST", `/session/${id}/end`);

  delete = (id: string) => this.get("DELETE", `/session/${id}`);

  /** The report; undefined while it is being made. */
  async report(id: string): Promise<any> {
    return (await this.get("GET", `/session/${id}/report`)).report;
  }

  /** Sends news to `url` from now on. Answers the secret that signs it. */
  async addHook(url: string): Promise<string> {
    return (await this.get("POST", "/webhooks", { url })).webhook.secret;
  }

  /** Sends news to nobody any more. */
  async removeHooks(): Promise<void> {
    const { webhooks } = await this.get("GET", "/webhooks");
    for (const { id } of webhooks) await this.get("DELETE", `/webhooks/${id}`);
  }

  /** What was sent and is to be sent about a session, newest first. */
  async deliveries(id: string): Promise<Sent[]> {
    const { deliveries } = await this.get("GET", "/webhooks/deliveries");
    return deliveries.filter((one: Sent) => one.session_id === id);
  }

  stats = async () => (await this.get("GET", "/stats")).stats;

  /** Calls a server function as a browser would. */
  async rpc(name: string, args: Record<string, string | number | boolean>): Promise<Answer> {
    const body = new URLSearchParams(Object.entries(args).map(([key, value]) => [key, String(value)]));
    const response = await fetch(`${this.url}/rpc/${name}`, { method: "POST", body });
    return { status: response.status, body: parsed(await response.text()) };
  }

  /** Answers question `index` of the invite's interview with a new answer id. */
  answer = (invite: string, question: number, text: string, id: string = randomUUID()) =>
    this.rpc("submit_answer", { invite, id, question, text });

  /** A whole interview without a browser: `answers` to the first questions. */
  async interview({ invite }: Made, answers: string[]): Promise<void> {
    await this.rpc("give_consent", { invite });
    await this.rpc("start_interview", { invite });
    for (const [index, text] of answers.entries()) {
      const { status, body } = await this.answer(invite, index, text);
      if (status !== 200) throw new Error(`answer ${index} is refused with ${status}: ${JSON.stringify(body)}`);
    }
  }

  private async get(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(`${this.url}/api/parallel_interview${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

/** `tomas.herrera@example.com` for Tomás Herrera. */
function addressOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return `${plain.replace(/\W+/g, ".")}@example.com`;
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
