// Writing code: in the editor, and in the plain field where the editor cannot be loaded.
import { expect, test } from "../support/fixtures.ts";
import { expectAccessible } from "../support/looks.ts";

const questions = [{ text: "Write a function that reverses a list.", kind: "coding" as const }];
const codingTimer = 600;

test("code is written in an editor, by keyboard alone, and comes back after a reload", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Cody Coder", questions, codingTimer });
  const cody = await candidate(joinUrl);
  const { keyboard } = cody.page;
  const complaints: string[] = [];
  cody.page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
  await cody.begin(questions[0].text);
  await expect(cody.editor).toBeVisible();
  await cody.languages.selectOption("Rust");
  await expect(cody.answerField).toHaveAttribute("data-language", "rust");
  await cody.answerField.focus();
  await keyboard.type("fn f() {\nlet a = 1;");
  await expect(cody.written).toHaveValue("fn f() {\n    let a = 1;\n}");

  await test.step("Tab indents, and Shift and Tab take it back", async () => {
    await keyboard.press("Enter");
    await keyboard.press("Tab");
    await keyboard.type("b();");
    await expect(cody.written).toHaveValue("fn f() {\n    let a = 1;\n        b();\n}");
    await keyboard.press("Shift+Tab");
    await expect(cody.written).toHaveValue("fn f() {\n    let a = 1;\n    b();\n}");
    await expect(cody.answerField).toBeFocused();
  });

  await test.step("Escape, then Tab, leaves in both directions", async () => {
    await keyboard.press("Escape");
    await keyboard.press("Tab");
    await expect(cody.submitButton).toBeFocused();
    await keyboard.press("Shift+Tab");
    await expect(cody.answerField).toBeFocused();
    await keyboard.press("Escape");
    await keyboard.press("Shift+Tab");
    await expect(cody.button("Large text")).toBeFocused();
    await keyboard.press("Enter");
    await expect(cody.button("Large text")).toHaveAttribute("aria-pressed", "true");
    await expect(cody.written).toHaveValue("fn f() {\n    let a = 1;\n    b();\n}");
  });
  await expectAccessible(cody.page, "large code in the editor");

  await cody.open();
  await expect(cody.editor).toBeVisible();
  await expect(cody.written).toHaveValue("fn f() {\n    let a = 1;\n    b();\n}");
  await expect(cody.answerField).toContainText("let a = 1;");
  await expect(cody.languages).toHaveValue("Rust");
  await expect(cody.button("Large text")).toHaveAttribute("aria-pressed", "true");
  expect(complaints).toEqual([]);
});

test("where the editor cannot be loaded, the plain field goes on", async ({ world, candidate }) => {
  const { joinUrl } = await world.api.create({ name: "Polly Plain", questions, codingTimer });
  const polly = await candidate(joinUrl);
  await polly.page.route(/\/pkg\/codemirror-/, (route) => route.abort());
  await polly.begin(questions[0].text);
  await polly.answerField.focus();
  await polly.page.keyboard.type("a");
  await polly.page.keyboard.press("Tab");
  await polly.page.keyboard.type("b");
  await expect(polly.written).toHaveValue("a    b");
  await expect(polly.editor).toHaveCount(0);
  await polly.page.keyboard.press("Escape");
  await polly.page.keyboard.press("Tab");
  await expect(polly.submitButton).toBeFocused();
  await polly.page.keyboard.press("Enter");
  await polly.isDone();
});
