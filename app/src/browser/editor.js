// How one writes: the editor for code, and large text.
// The editor is a chunk of its own, loaded with the first question that asks for code.
import { indentWithTab, sleep } from "./page.js";

const LANGUAGE = "language";
const LARGE = "large-text";

/**
 * Lays an editor over `field`, with the colours of the language that is chosen in the list `languages`.
 * The field stays the form's truth: what is written comes into it with an `input` event. It is all there is until the
 * editor has been loaded, and where that fails.
 */
export function edit(field, languages) {
  indentWithTab(field);
  const kept = recall(LANGUAGE);
  if ([...languages.options].some(({ value }) => value === kept)) languages.value = kept;

  // A word that an input method is composing would be lost with its field.
  let composing = false;
  field.addEventListener("compositionstart", () => (composing = true));
  field.addEventListener("compositionend", () => (composing = false));

  let editor;
  const show = async () => {
    const name = languages.value;
    // `cargo xtask build` resolves the name to editor/codemirror.js; wasm-bindgen brings only this file along.
    const { load, mount } = await import("code-editor");
    const colours = await load(name);
    while (composing) await sleep(100);
    if (!field.isConnected || languages.value !== name) return;
    if (editor) editor.setColours(colours);
    else editor = mount(field, colours);
  };
  // Whoever is left with the plain field can try again by choosing a language.
  const tryToShow = () => show().catch((error) => console.warn("the editor could not be loaded", error));
  languages.addEventListener("change", () => {
    remember(LANGUAGE, languages.value);
    tryToShow();
  });
  tryToShow();
}

/** Makes a button switch large text on and off, as this device remembers it. The style sheet goes by `aria-pressed`. */
export function largeText(button) {
  const show = (large) => {
    button.setAttribute("aria-pressed", large);
    // The editor measures its lines anew when the window changes.
    dispatchEvent(new Event("resize"));
  };
  if (recall(LARGE) === "true") show(true);
  button.addEventListener("click", () => {
    const large = button.getAttribute("aria-pressed") !== "true";
    remember(LARGE, large);
    show(large);
  });
}

// Storage can be switched off or full. One then chooses anew.
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice still holds for this question.
  }
}

function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
