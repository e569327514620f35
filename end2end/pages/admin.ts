import type { Page } from "@playwright/test";
export class Admin {
  constructor(readonly page: Page) {}
  async logIn(_: { email: string; password: string }) {}
}
