// The few lines of script on pages that only the server renders, when something goes wrong.
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";

const ADDRESS = "http://127.0.0.1:9/desk";

const script = await readFile(new URL("../../app/src/desk/desk.js", import.meta.url), "utf8");
const sheet = (main: string) => `<!DOCTYPE html><title>Desk</title><body data-renew="0.05">${main}<script>${script}</script>`;

test("a page that could not be renewed is renewed the next time", async ({ page }) => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  const answers = [sheet("<main>first</main>"), undefined, "<p>Somebody else's page</p>", sheet("<main>second</main>")];
  await page.route(ADDRESS, async (route) => {
    const body = answers.length > 1 ? answers.shift() : answers[0];
    await (body === undefined ? route.abort() : route.fulfill({ contentType: "text/html", body }));
  });
  await page.goto(ADDRESS);
  await expect(page.getByRole("main")).toHaveText("second");
  expect(errors).toEqual([]);
});

test("what the browser does not copy is not said to be copied", async ({ page }) => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("forbidden"));
  });
  const body = sheet('<main><button data-copy="secret" aria-label="Copy the link of Ann" hidden>Copy link</button></main>');
  await page.route(ADDRESS, (route) => route.fulfill({ contentType: "text/html", body: body.replace("0.05", "") }));
  await page.goto(ADDRESS);
  await page.getByRole("button", { name: "Copy the link of Ann" }).click();
  await expect(page.getByRole("button", { name: "Not copied" })).toBeVisible();
  expect(errors).toEqual([]);
});
