// How an answer comes about: how long keys were pressed, and what was pasted.

/** Milliseconds of a pause that is not typing any more. */
const PAUSE_MS = 2_000;

/** Characters that come at once and are said rather than typed, at least, and the pause (ms) before them in which they are said. */
const SAID = 8;
const SAYING_MS = 30_000;

export const FIELD = "textarea.answer";

export class Typing {
  #question;
  #shown = performance.now();
  #last = 0;
  #typed = 0;
  #pasted = 0;
  /** Characters that an earlier page wrote. */
  #before = 0;

  constructor(stopped) {
    // Keys on a screen are told by what they write only.
    for (const name of ["keydown", "beforeinput"]) {
      const press = ({ target, inputType, data }) => {
        const isSaid = inputType?.startsWith("insert") && inputType !== "insertFromPaste" && data?.length >= SAID;
        this.#press(target, isSaid ? SAYING_MS : PAUSE_MS);
      };
      document.addEventListener(name, press, { signal: stopped, capture: true });
    }
    document.addEventListener("written", ({ target }) => this.#write(target), { signal: stopped, capture: true });
  }

  /** Another question is shown. */
  begin(question) {
    if (question === this.#question) return;
    this.#question = question;
    this.#shown = performance.now();
    this.#last = 0;
    this.#typed = 0;
    this.#pasted = 0;
    this.#before = 0;
    this.#write(document.querySelector(FIELD));
  }

  /** So many characters came at once. `known`: from this page. */
  inserted(chars, known) {
    if (!known) this.#pasted += chars;
  }

  /** Of an answer of `chars` characters: those of this page, ms since the question was shown, ms of typing, characters pasted. */
  facts(chars) {
    const own = Math.max(0, chars - this.#before);
    return [own, performance.now() - this.#shown, this.#typed, Math.min(this.#pasted, own)].map(Math.round);
  }

  /** What an earlier page or another one wrote stands in the field. */
  #write(field) {
    this.#before = Math.max(this.#before, field?.value?.length ?? 0);
  }

  /** Keys are pressed, or words come. A pause of `most` ms and more before it was another one's. */
  #press(target, most) {
    if (!target.closest?.(`${FIELD}, .editor`)) return;
    const now = performance.now();
    const pause = now - Math.max(this.#last, this.#shown);
    if (pause < most) this.#typed += pause;
    this.#last = now;
  }
}
