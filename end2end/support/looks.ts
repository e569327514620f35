// What every page must be: readable by assistive technology, in both colour schemes, and no wider than a small phone.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect, test } from "@playwright/test";

const SCHEMES = ["light", "dark"] as const;

/** A small phone, in pixels. */
const NARROW = 360;
const WIDTHS = [1440, 768, NARROW];

/** What is photographed: width and scheme. */
const PICTURES: [number, (typeof SCHEMES)[number]][] =
  process.env.PICTURES === "all"
    ? WIDTHS.flatMap((width) => SCHEMES.map((scheme): [number, typeof scheme] => [width, scheme]))
    : [
        [1440, "light"],
        [NARROW, "dark"],
      ];

/** The rules of axe that colours matter to. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Runs axe, once more in the dark for the colours. Nothing serious or critical may be found. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const axe = new AxeBuilder({ page });
    const { violations } = await (colorScheme === "dark" ? axe.withRules(OF_COLOURS) : axe).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const words = grave.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join("\n  ")}`);
    expect(words, `axe on ${name}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Photographs the page, wide in the light and narrow in the dark, and makes sure that nobody need scroll sideways. */
export async function photograph(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  // What sticks to the window's edge belongs to the page's.
  await page.evaluate(() => scrollTo(0, 0));
  for (const [width, colorScheme] of PICTURES) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const path = `${test.info().project.outputDir}/pages/${name}-${width}-${colorScheme}.png`;
    await page.screenshot({ path, fullPage: true });
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    expect(scrollWidth, `${name} fits into ${width} px`).toBeLessThanOrEqual(clientWidth);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}
