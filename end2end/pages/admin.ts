// The admin's pages, in the admin's terms.
import { type Locator, type Page, expect } from "@playwright/test";

/** Watching is entered again by itself, like the candidate's side. */
const VIDEO_TIMEOUT = 60_000;

/** Seconds of video after which it surely plays. */
const PLAYED_S = 0.5;

export class Admin {
  constructor(readonly page: Page) {}

  /** Logs in through the form. */
  async logIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.page.goto("/admin/login");
    await this.fillLogin(email, password);
    await expect(this.page).toHaveURL(/\/admin$/);
  }

  /** Sends the login form. */
  async fillLogin(email: string, password: string): Promise<void> {
    await this.page.getByLabel("E-mail address").fill(email);
    await this.page.getByLabel("Password").fill(password);
    await this.button("Log in").click();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async openDashboard(query = ""): Promise<void> {
    await this.page.goto(`/admin${query}`);
    await expect(this.heading("Interviews")).toBeVisible();
  }

  async openSession(id: string): Promise<void> {
    await this.page.goto(`/admin/session/${id}`);
    await expect(this.section("Details")).toBeVisible();
  }

  /** A part of the session's page, by its heading. */
  section(name: string): Locator {
    return this.page.locator("section").filter({ has: this.page.getByRole("heading", { level: 2, name, exact: true }) });
  }

  /** One of the six figures. */
  figure(label: string): Locator {
    return this.page.locator(".figure").filter({ has: this.page.getByText(label, { exact: true }) }).locator("b");
  }

  /** The session's line in the table. */
  row(name: string): Locator {
    return this.page.getByRole("row").filter({ hasText: name });
  }

  get video(): Locator {
    return this.page.getByTestId("live-video");
  }

  get transcript(): Locator {
    return this.section("Transcript");
  }

  /** Where the candidate is. */
  get contact(): Locator {
    return this.page.locator(".title").getByRole("status");
  }

  get messages(): Locator {
    return this.section("Messages to the candidate");
  }

  async say(text: string): Promise<void> {
    await this.messages.getByLabel("Message", { exact: true }).fill(text);
    await this.messages.getByRole("button", { name: "Send message" }).click();
  }

  get time(): Locator {
    return this.section("Time");
  }

  get accommodations(): Locator {
    return this.time.getByText("Accommodations");
  }

  async accommodate({ percent, extraMinutes }: { percent: number; extraMinutes: number }): Promise<void> {
    await this.accommodations.click();
    await this.time.getByLabel("Time for each question, in %").fill(String(percent));
    await this.time.getByLabel("Extra minutes for each").fill(String(extraMinutes));
    await this.time.getByRole("button", { name: "Save time" }).click();
  }

  /** The timeline's lines, once it is open. */
  get timeline(): Locator {
    return this.page.locator("details", { has: this.page.locator("summary", { hasText: /^Timeline$/ }) });
  }

  async openTimeline(): Promise<void> {
    await this.timeline.locator("summary").click();
    await expect(this.timeline).toContainText("Created, with");
  }

  /** Waits until the details say what the candidate's device check found. */
  async seesDevices(words: string): Promise<void> {
    await expect(this.section("Details")).toContainText(words);
  }

  /** Presses a button of the session's line: Open, Start, End or Delete. */
  async act(name: string, deed: string): Promise<void> {
    await this.row(name).getByRole("button", { name: `${deed} ${name}` }).click();
  }

  /** Agrees in the dialog that asks before `deed` (End or Delete) is done to the interview of `name`. */
  async confirm(name: string, deed: string): Promise<void> {
    const dialog = this.page.getByRole("dialog", { name: `${deed} the interview of ${name}?` });
    await dialog.getByRole("button", { name: `${deed} interview` }).click();
    await expect(dialog).toBeHidden();
  }

  /** Waits until the connection is live and the picture moves: its time grows. A new connection may set it back. */
  async videoPlays(): Promise<void> {
    await expect(this.page.getByTestId("link-state")).toHaveText("Live", { timeout: VIDEO_TIMEOUT });
    let lowest = Number.POSITIVE_INFINITY;
    const grown = async () => {
      const time = await this.video.evaluate((video: HTMLVideoElement) => video.videoWidth > 0 && video.currentTime);
      if (time === false) return 0;
      lowest = Math.min(lowest, time);
      return time - lowest;
    };
    await expect.poll(grown, { message: "the video's time advances", timeout: VIDEO_TIMEOUT }).toBeGreaterThan(PLAYED_S);
  }
}
