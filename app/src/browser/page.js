// Small things that only the browser can do: storage, clipboard, dialogs, focus, time.

/** Milliseconds that only ever grow, whatever the device's clock is set to. */
export const clockMs = () => performance.now();

export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A number in 0..1, for spreading out retries. */
export const chance = () => Math.random();

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits `ms`, and then for as long as nobody looks at the page. */
export async function rest(ms) {
  await sleep(ms);
  if (document.visibilityState === "hidden") {
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
  }
}

// Storage can be switched off or full: then a choice holds for this page only.
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The page goes on with what was chosen.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Copies `text`; where the clipboard is closed to pages, selects the field that shows it instead. */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus();
    field?.select();
    return false;
  }
}

export const showModal = (dialog) => dialog.open || dialog.showModal();

export const closeModal = (dialog) => dialog.close();

export const isOpen = (details) => details.open;

export const focusOn = (element) => element.focus();

/** Goes to the field that was refused, once the page says which; where it is none, to what is said. A page has one of them. */
export const showRefused = () =>
  requestAnimationFrame(() => {
    const field = document.querySelector("[aria-invalid]");
    if (field) field.focus();
    else document.querySelector(".notice.bad")?.scrollIntoView({ block: "center" });
  });

/** Names and values of the form's fields, one after the other. */
export const fields = (form) => [...new FormData(form)].flat();

export const text = (field) => field.value;

/** Writes into a field, and tells the editor that may lie over it. */
export function setText(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("written"));
}

/** The point in time as the person in front of the screen writes it. */
export const localTime = (ms) =>
  new Date(ms).toLocaleString(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const INDENT = "    ";

/** Makes Tab indent in a field for code. Escape, then Tab, leaves it, so that nobody is trapped. */
export function indentWithTab(field) {
  let leaving = false;
  field.addEventListener("blur", () => (leaving = false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      leaving = true;
    } else if (event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (leaving || field.readOnly) return;
      event.preventDefault();
      // The one way that keeps the browser's undo; where it is gone, the text is set directly.
      if (!document.execCommand("insertText", false, INDENT)) {
        field.setRangeText(INDENT, field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } else if (event.key !== "Shift") {
      leaving = false;
    }
  });
}
