// CodeMirror over a plain field. editor.js, beside this folder, loads it when it is needed.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { keys, leaving, overwriting } from "./keys.js";
import { limit } from "./limit.js";

export { load } from "./languages.js";

/** Marks what the page wrote into the field, which need not go back there. */
const fromField = Annotation.define();

let open;

/** Puts the editor in the field's place, with the field's text, selection and focus. */
export function mount(field, colours) {
  // Only one question is open; the last one's editor went with its field.
  open?.close();
  const language = new Compartment();
  const lock = new Compartment();
  const locked = () => EditorState.readOnly.of(field.readOnly);
  const box = document.createElement("div");
  const note = document.createElement("p");
  note.className = "problem";
  note.setAttribute("role", "status");

  const copy = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
    if (!docChanged) return;
    note.textContent = "";
    if (transactions.some((transaction) => transaction.annotation(fromField))) return;
    field.value = state.sliceDoc();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const { selectionStart: from, selectionEnd: to, selectionDirection } = field;
  const selection = selectionDirection === "backward" ? { anchor: to, head: from } : { anchor: from, head: to };
  const focused = document.activeElement === field;
  const view = new EditorView({
    parent: box,
    doc: field.value,
    selection,
    scrollTo: focused ? EditorView.scrollIntoView(selection.head) : undefined,
    extensions: [
      EditorView.cspNonce.of(document.querySelector("script[nonce]")?.nonce ?? ""),
      EditorView.editorAttributes.of({ class: "editor" }),
      EditorView.contentAttributes.of(attributes(field)),
      EditorView.lineWrapping,
      lineNumbers(),
      history(),
      bracketMatching(),
      closeBrackets(),
      indentOnInput(),
      syntaxHighlighting(classHighlighter),
      leaving,
      overwriting,
      keymap.of([...keys, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
      limit(field.maxLength, fromField, (text) => (note.textContent = text)),
      language.of(colours),
      lock.of(locked()),
      copy,
    ],
  });
  box.append(note);

  const take = () => {
    if (field.value === view.state.sliceDoc()) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: field.value },
      selection: { anchor: field.value.length },
      annotations: [fromField.of(true), Transaction.addToHistory.of(false)],
    });
  };
  field.addEventListener("written", take);
  const watcher = new MutationObserver(() => view.dispatch({ effects: lock.reconfigure(locked()) }));
  watcher.observe(field, { attributeFilter: ["readonly"] });

  view.dom.style.height = `${field.offsetHeight}px`;
  field.before(box);
  field.hidden = true;
  // Whoever goes to the field comes to the editor.
  field.focus = () => view.focus();
  if (focused) view.focus();

  let timer;
  open = {
    setColours(colours) {
      clearTimeout(timer);
      const draw = () => view.dispatch({ effects: language.reconfigure(colours) });
      // Drawn anew right after it got the focus, CodeMirror 6.43 leaves the caret at the start of the text.
      if (view.hasFocus) timer = setTimeout(draw, 250);
      else draw();
    },
    close() {
      clearTimeout(timer);
      watcher.disconnect();
      field.removeEventListener("written", take);
      delete field.focus;
      view.destroy();
    },
  };
  return open;
}

/** The field's name and description, and a place in the order of Tab that checkers of pages see too. */
function attributes(field) {
  const named = ["aria-label", "aria-describedby"].map((name) => [name, field.getAttribute(name) ?? ""]);
  return { ...Object.fromEntries(named), tabindex: "0" };
}
