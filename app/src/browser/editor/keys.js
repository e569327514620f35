// What Tab and Escape do: as in the plain field, Tab indents, and Escape, then Tab, leaves, so that nobody is trapped.
import { indentLess, indentMore } from "@codemirror/commands";
import { getIndentUnit, indentUnit } from "@codemirror/language";
import { EditorSelection, countColumn } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** The editor's own time after Escape is two seconds, too short for some hands. Any other key ends it. */
const LEAVE_MS = 3_600_000;

export const keys = [
  { key: "Tab", run: indent, shift: indentLess },
  {
    key: "Escape",
    run(view) {
      view.setTabFocusMode(LEAVE_MS);
      return true;
    },
  },
];

export const leaving = EditorView.domEventHandlers({
  blur(_, view) {
    view.setTabFocusMode(false);
  },
});

/** Indents the selected lines, or goes on to the next stop where nothing is selected. */
function indent(view) {
  const { state } = view;
  if (state.readOnly) return false;
  if (state.selection.ranges.some(({ empty }) => !empty)) return indentMore(view);
  const unit = state.facet(indentUnit);
  const change = state.changeByRange(({ head }) => {
    const line = state.doc.lineAt(head);
    const column = countColumn(line.text, state.tabSize, head - line.from);
    const insert = unit === "\t" ? unit : " ".repeat(unit.length - (column % getIndentUnit(state)));
    return { changes: { from: head, insert }, range: EditorSelection.cursor(head + insert.length) };
  });
  view.dispatch(state.update(change, { scrollIntoView: true, userEvent: "input" }));
  return true;
}

/**
 * Types over what is selected by ourselves: Chrome would dress the new text in the colours of the old by inline styles,
 * which the page's policy refuses, and says so on the console each time.
 */
export const overwriting = EditorView.domEventHandlers({
  beforeinput({ inputType, data, isComposing }, view) {
    const { state } = view;
    const { from, to, empty } = state.selection.main;
    if (inputType !== "insertText" || !data || empty || state.readOnly || isComposing || view.composing) return false;
    // What the browser would type over; the editor learns of a selection a moment later.
    const { startContainer, startOffset, endContainer, endOffset } = getSelection().getRangeAt(0);
    const [start, end] = [view.posAtDOM(startContainer, startOffset), view.posAtDOM(endContainer, endOffset)];
    if (start !== from || end !== to) return false;
    const typed = { scrollIntoView: true, userEvent: "input.type" };
    const change = () => state.update(state.replaceSelection(data), typed);
    const handled = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, change));
    if (!handled) view.dispatch(change());
    return true;
  },
});
