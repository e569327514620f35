import type { Page } from "@playwright/test";
import type { Api } from "../support/api.ts";
export class Candidate {
  constructor(readonly page: Page, readonly joinUrl: string, readonly api: Api) {}
  async open() { await this.page.goto(this.joinUrl); }
}
