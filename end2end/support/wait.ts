// Waiting for something outside the browser.
import { setTimeout as pause } from "node:timers/promises";

const EVERY_MS = 50;

/**
 * Asks again and again until `look` gives something other than undefined or false.
 * The error says what was waited for, what `why` adds, and what went wrong last.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { timeout = 20_000, why = () => "" }: { timeout?: number; why?: () => string } = {},
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(EVERY_MS);
  }
  throw new Error(`${what}: not within ${timeout / 1000} s. ${why()}${last ? ` Last error: ${last}` : ""}`);
}

/** Whether a web server answers at `url` with success. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return response.ok;
}
