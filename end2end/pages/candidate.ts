// The candidate's page, in the candidate's terms.
import { type Locator, type Page, expect } from "@playwright/test";

/** Live video is entered again by itself; after a few failures a try comes every ten seconds or so. */
const LINK_TIMEOUT = 60_000;

export class Candidate {
  constructor(
    readonly page: Page,
    readonly joinUrl: string,
  ) {}

  /** Opens the invitation's link. Answers the status of the response. */
  async open(): Promise<number | undefined> {
    return (await this.page.goto(this.joinUrl))?.status();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Where one writes: the plain field, or the editor that comes to lie over it where code is asked for. */
  get answerField(): Locator {
    return this.page.getByRole("textbox", { name: "Your answer" });
  }

  /** The form's own field, which has the text whatever it is written in; `toHaveValue` reads it unseen too. */
  get written(): Locator {
    return this.page.locator("textarea.answer");
  }

  get editor(): Locator {
    return this.page.locator(".editor");
  }

  /** The list of languages, where code is asked for. */
  get languages(): Locator {
    return this.page.getByLabel("Language");
  }

  get submitButton(): Locator {
    return this.button(/^Submit and (continue|finish)$/);
  }

  /** Reads what is recorded and agrees. */
  async consent(): Promise<void> {
    await this.page.getByRole("checkbox", { name: /agree to be recorded/ }).check();
    await this.button("Agree and continue").click();
    await expect(this.heading("Camera and microphone")).toBeVisible();
  }

  /** Sees and hears that camera and microphone work, and goes on. */
  async checkDevices(): Promise<void> {
    await expect(this.page.getByText("Your camera works")).toBeVisible();
    await expect(this.page.getByText("Your microphone works")).toBeVisible();
    await this.button("Continue").click();
    await expect(this.heading("Ready when you are")).toBeVisible();
  }

  /** Goes on where no camera and no microphone can be used. */
  async goOnWithout(): Promise<void> {
    await this.button("Go on without camera and microphone").click();
    await expect(this.heading("Ready when you are")).toBeVisible();
  }

  /** Starts and sees the first question. */
  async start(question: string): Promise<void> {
    await this.button("Start the interview").click();
    await this.isAsked(question);
  }

  /** All that comes before the first question. */
  async begin(question: string): Promise<void> {
    await this.consent();
    await this.checkDevices();
    await this.start(question);
  }

  async isAsked(question: string): Promise<void> {
    await expect(this.heading(question)).toBeVisible({ timeout: 20_000 });
  }

  /** Writes in place of what was written. */
  async write(text: string): Promise<void> {
    // A field that goes from under the hands of `fill` would be waited for in vain.
    if (await this.languages.isVisible()) await expect(this.editor).toBeVisible();
    await this.answerField.fill(text);
  }

  async answer(text: string): Promise<void> {
    await this.write(text);
    await this.submitButton.click();
  }

  /** Pastes text that the page does not know. */
  async paste(text: string): Promise<void> {
    await this.written.evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, text);
  }

  /** How much the browser keeps: of what was written, or of proctoring's logs. */
  keeps(what: "drafts" | "logs"): Promise<number> {
    const database = { drafts: "interviews", logs: "proctoring" }[what];
    return this.page.evaluate(
      ([database, what]) =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open(database);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const count = opening.result.transaction(what).objectStore(what).count();
            count.onerror = () => reject(count.error);
            count.onsuccess = () => {
              opening.result.close();
              resolve(count.result);
            };
          };
        }),
      [database, what] as const,
    );
  }

  /** Waits until the server has what is written. */
  async isSaved(): Promise<void> {
    await expect(this.page.locator(".saving")).toHaveText("Saved");
  }

  get clock(): Locator {
    return this.page.getByRole("timer");
  }

  /** Seconds on the clock. */
  async timeLeft(): Promise<number> {
    const [minutes, seconds] = (await this.clock.innerText()).split(":").map(Number);
    return minutes * 60 + seconds;
  }

  /** How proctoring stands, and what is to be mended. */
  get watched(): Locator {
    return this.page.getByTestId("watched");
  }

  /** Says that the server cannot be reached. */
  get offlineNotice(): Locator {
    return this.page.getByText("The connection to the interview is interrupted.");
  }

  /** Says that the interview is open elsewhere. */
  get pausedNotice(): Locator {
    return this.page.getByText("Your interview is open in another tab or window, so this one is paused.");
  }

  /** What the hiring team says. */
  get messages(): Locator {
    return this.page.locator(".notice").filter({ hasText: "Message from the hiring team" });
  }

  async isDone(): Promise<void> {
    await expect(this.heading(/^Thank you/)).toBeVisible();
  }

  /** Waits until the live video's state is `word`: Connecting, Live, Reconnecting, No live video, Open elsewhere. */
  async linkIs(word: string | RegExp): Promise<void> {
    await expect(this.page.getByTestId("link-state")).toHaveText(word, { timeout: LINK_TIMEOUT });
  }
}
