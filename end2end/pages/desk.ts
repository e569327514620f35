// The admin's pages that the server alone renders, in the admin's terms: jobs, invitations, reports, webhooks.
import { type Locator, type Page, expect } from "@playwright/test";

/** Until the answers are evaluated and the report is made. */
const REPORT_TIMEOUT = 60_000;

export interface Asked {
  text: string;
  kind?: "text" | "coding";
  /** A line for each. */
  keyPoints: string;
  reference?: string;
  language?: string;
}

export class Desk {
  constructor(readonly page: Page) {}

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** What was done, or what is going on. */
  get status(): Locator {
    return this.page.locator("main > .notice").or(this.page.locator("main form > .notice"));
  }

  row(name: string | RegExp): Locator {
    return this.page.getByRole("row").filter({ hasText: name });
  }

  section(name: string): Locator {
    return this.page.locator("section").filter({ has: this.page.getByRole("heading", { level: 2, name, exact: true }) });
  }

  async openJobs(): Promise<void> {
    await this.page.goto("/admin/jobs");
    await expect(this.heading("Jobs")).toBeVisible();
  }

  /** Fills in the question of a number, from 1 on, and what a good answer to it has. */
  async ask(number: number, { text, kind = "text", keyPoints, reference, language }: Asked): Promise<void> {
    const { page } = this;
    await page.getByRole("textbox", { name: `Question ${number}`, exact: true }).fill(text);
    await page.getByRole("combobox", { name: `Type of question ${number}` }).selectOption(kind);
    const item = page.locator(".ask").nth(number - 1);
    const points = page.getByRole("textbox", { name: `Key points of question ${number}` });
    if (!(await points.isVisible())) await item.getByText("What a good answer has").click();
    await points.fill(keyPoints);
    await page.getByRole("textbox", { name: `Reference answer to question ${number}` }).fill(reference ?? "");
    // Asked for where code is.
    if (language) await item.getByLabel("Language of the code").fill(language);
  }

  /** Saves the job in the editor. */
  async save(): Promise<void> {
    await this.button("Save").first().click();
    await expect(this.status).toHaveText("Saved.");
  }

  /** Waits until the report is there and holds everything that is known. */
  async reportIsReady(): Promise<void> {
    await expect(this.section("Summary")).toBeVisible({ timeout: REPORT_TIMEOUT });
    const old = this.page.getByText("Something changed since this report was made.");
    await expect(old).toBeHidden({ timeout: REPORT_TIMEOUT });
  }

  /** The part of a report about the question of a number, from 1 on. */
  graded(number: number): Locator {
    return this.page.locator(`#question-${number}`);
  }

  async setScore(number: number, score: string, why: string): Promise<void> {
    const graded = this.graded(number);
    await graded.locator("summary").click();
    await graded.getByLabel("Score").fill(score);
    await graded.getByLabel("Why").fill(why);
    await graded.getByRole("button", { name: "Set score" }).click();
  }

  async openWebhooks(): Promise<void> {
    await this.page.goto("/admin/webhooks");
    await expect(this.heading("Webhooks")).toBeVisible();
  }

  /** Answers the secret that signs what is sent there. */
  async addWebhook(url: string): Promise<string> {
    await this.page.getByLabel("New address").fill(url);
    await this.button("Add webhook").click();
    await expect(this.status).toContainText("Put the signing secret into your server's settings.");
    const added = this.page.locator(".hooks > li").filter({ hasText: url });
    return (await added.locator("code").innerText()).trim();
  }
}
