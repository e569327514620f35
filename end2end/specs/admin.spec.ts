// What hiring people do, with JavaScript and without.
import { Admin } from "../pages/admin.ts";
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible } from "../support/looks.ts";
import { ADMIN } from "../support/server.ts";

const questions = [{ text: "Why this job?" }];

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("login, dashboard, session and new interview work", async ({ world, page }) => {
    const made = await world.api.create({ name: "Paula Plain", questions });
    const admin = new Admin(page);
    await page.goto("/");
    await page.getByRole("link", { name: "Go to the interviews" }).click();
    await expect(page, "strangers log in first").toHaveURL(/\/admin\/login$/);

    await admin.fillLogin(ADMIN.email, "not the password");
    await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
    await admin.fillLogin(ADMIN.email, ADMIN.password);
    await expect(page).toHaveURL(/\/admin$/);
    await expect(admin.row(made.name)).toContainText("Waiting");
    await expect(admin.figure("Waiting")).toHaveText(/^[1-9]\d*$/);

    await page.getByRole("searchbox", { name: "Search" }).fill("nobody of this name");
    await admin.button("Apply").click();
    await expect(page.getByText("No interview matches.")).toBeVisible();
    await page.getByRole("link", { name: "Show all" }).click();

    await admin.row(made.name).getByRole("link", { name: `Open ${made.name}` }).click();
    await expect(admin.heading(made.name)).toBeVisible();
    await expect(admin.transcript).toContainText(questions[0].text);
    await expect(page.getByLabel("Link for the candidate")).toHaveValue(made.joinUrl);

    // What the browser lets through and the server does not.
    await admin.say(" ");
    await expect(admin.messages.getByRole("alert")).toHaveText("Write a message of at most 1000 characters.");

    await page.getByRole("link", { name: "New interview" }).click();
    await expect(admin.heading("New interview")).toBeVisible();
    await page.getByLabel("Name", { exact: true }).fill(" ");
    await page.getByLabel("E-mail address").fill("nobody@example.com");
    await admin.button("Create interview").click();
    await expect(page.getByText("Fill in the name.")).toBeVisible();
    await admin.button("Log out").click();
    await page.goto("/admin");
    await expect(page).toHaveURL(/\/admin\/login$/);
  });

  test("a candidate is told that JavaScript is needed", async ({ world, page }) => {
    const { joinUrl, name } = await world.api.create({ name: "Nick Noscript", questions });
    await page.goto(joinUrl);
    // Texts inside noscript are not found by their words alone.
    const notice = page.locator("noscript p");
    await expect(notice).toBeVisible();
    await expect(notice).toContainText("This interview needs JavaScript");
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  });
});

test("strangers are sent to the login, and wrong passwords are refused in plain words", async ({ world, page }) => {
  const { id } = await world.api.create({ name: "Sam Secret", questions });
  for (const path of ["/admin", "/admin/new", `/admin/session/${id}`]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/admin\/login$/);
    await expect(page.locator("body")).not.toContainText("Sam Secret");
  }
  const admin = new Admin(page);
  await admin.fillLogin(ADMIN.email, "not the password");
  await expect(page.getByRole("alert")).toHaveText("The e-mail address or the password is wrong.");
  await expect(page.getByLabel("E-mail address")).toHaveValue(ADMIN.email);
});

test("an interview is made, started, ended and deleted by hand", async ({ admin, candidate }) => {
  const { page } = admin;
  const name = "Hanna Hand";
  await admin.openDashboard();
  await page.getByRole("link", { name: "New interview" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail address").fill("hanna@example");
  await page.getByLabel("In words").fill("90");
  await admin.button("Create interview").click();
  await expect(page.getByText("Write at least one question."), "it says what to do, and where").toBeVisible();
  await expect(page.getByRole("textbox", { name: "Question 1" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Question 1" })).toHaveAccessibleDescription("Write at least one question.");
  await expect(page.getByLabel("Name", { exact: true }), "the input stays").toHaveValue(name);
  await expect(page.getByLabel("In words")).toHaveValue("90");
  await expectAccessible(page, "a form that was refused");

  await page.getByRole("textbox", { name: "Question 1" }).fill("Who are you?");
  await page.getByRole("textbox", { name: "Question 2" }).fill("to be removed");
  await admin.button("Remove question 2").click();
  await expect(page.getByRole("textbox", { name: "Question 2" }), "the keyboard does not get lost").toBeFocused();
  await page.getByRole("textbox", { name: "Question 2" }).fill("print('hello')");
  await page.getByRole("combobox", { name: "Type of question 2" }).selectOption("coding");
  await admin.button("Add question").click();
  await expect(page.getByRole("textbox", { name: "Question 3" })).toBeFocused();
  await page.keyboard.type("Anything else?");
  await admin.button("Create interview").click();
  await expect(admin.heading(`The interview for ${name} is ready`)).toBeVisible();
  const link = await page.getByLabel("Link for the candidate").inputValue();
  await admin.button("Copy link").click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  const hanna = await candidate(link);
  await expect(hanna.heading(`Hello, ${name}`)).toBeVisible();
  await expect(hanna.page.getByText("3 questions: 2 in words, 1 in code")).toBeVisible();
  await expect(hanna.page.getByText("1 minute 30 seconds")).toBeVisible();

  await admin.openDashboard();
  await admin.act(name, "Start");
  await expect(admin.row(name)).toContainText("In progress");
  // Started by the admin, and still nothing is asked before the consent.
  await hanna.begin("Who are you?");

  await admin.row(name).getByRole("link", { name: `Open ${name}` }).click();
  await expect(admin.transcript).toContainText("Answering now");
  await admin.button("End interview").click();
  const dialog = page.getByRole("dialog", { name: `End the interview of ${name}?` });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await admin.button("End interview").click();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await admin.button("End interview").click();
  await dialog.getByRole("button", { name: "End interview" }).click();
  await expect(admin.section("Details")).toContainText("ended by an admin");
  await hanna.isDone();

  await admin.openDashboard();
  await admin.act(name, "Delete");
  await admin.confirm(name, "Delete");
  await expect(admin.row(name)).toBeHidden();
  expect(await hanna.open()).toBe(404);
});

test("the dashboard is searched, filtered and paged, and keeps up by itself", async ({ world, admin }) => {
  const { api } = world;
  const { page } = admin;
  // Two pages and a bit: 25 on each.
  for (let number = 1; number <= 27; number += 1) {
    await api.create({ name: `Quentin Queue ${String(number).padStart(2, "0")}`, questions });
  }
  await admin.openDashboard("?q=quentin%20queue");
  await expect(page.getByText("27 interviews")).toBeVisible();
  await expect(admin.row("Quentin Queue 27")).toBeVisible();
  await expect(admin.row("Quentin Queue 02")).toBeHidden();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByText("Page 2 of 2")).toBeVisible();
  await expect(admin.row("Quentin Queue 02")).toBeVisible();
  await expect(admin.row("Quentin Queue 27")).toBeHidden();
  await page.reload();
  await expect(admin.row("Quentin Queue 02")).toBeVisible();

  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("QUEUE 07");
  await expect(page.getByText("1 interview", { exact: true })).toBeVisible();
  await expect(admin.row("Quentin Queue 07")).toBeVisible();
  await expect(search, "typing is not disturbed").toBeFocused();

  await page.getByRole("combobox", { name: "Status" }).selectOption("In progress");
  await expect(page.getByText("No interview matches.")).toBeVisible();
  // What an integrator does shows up without a reload.
  const seven = (await api.sessions()).find((session) => session.user_details.name === "Quentin Queue 07");
  await api.start(seven?.proctoring_session_id ?? "");
  await expect(admin.row("Quentin Queue 07")).toContainText("In progress");
});

test("what was refused is said until something else is done, however often the page looks", async ({ world, admin }) => {
  const { page } = admin;
  const { id } = await world.api.create({ name: "Rhea Refused", questions });
  await admin.openSession(id);
  const looked = () => page.waitForResponse(/\/rpc\/load_session/);
  await page.route("**/rpc/start_session", (route) => route.fulfill({ status: 409, json: { kind: "conflict", detail: "Not now, says a test.", retry_after_s: null } }));
  await admin.button("Start interview").click();
  await expect(page.getByText("Not now, says a test.")).toBeVisible();
  await looked();
  await looked();
  await expect(page.getByText("Not now, says a test.")).toBeVisible();
  await page.unroute("**/rpc/start_session");
  await admin.button("Start interview").click();
  await expect(admin.button("End interview")).toBeVisible();
  await expect(page.getByText("Not now, says a test.")).toBeHidden();
});

test("after logging out elsewhere, an open page goes to the login", async ({ page }) => {
  const admin = new Admin(page);
  await admin.logIn(ADMIN);
  const other = await page.context().newPage();
  await other.goto("/admin");
  await other.getByRole("button", { name: "Log out" }).click();
  await expect(other).toHaveURL(/\/admin\/login$/);
  await page.bringToFront();
  await expect(page).toHaveURL(/\/admin\/login$/);
});
