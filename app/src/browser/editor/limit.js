// The longest answer: what would go beyond is refused as a whole, and said to be, rather than cut off unseen.
import { EditorState } from "@codemirror/state";

/** Refuses changes to more than `max` characters, except `annotated` ones; `refused` is given what to tell. */
export const limit = (max, annotated, refused) =>
  EditorState.transactionFilter.of((transaction) => {
    const { docChanged, newDoc, startState } = transaction;
    // The length counts some characters twice, so it is the one to go by only when it is small enough.
    if (!docChanged || newDoc.length <= max || transaction.annotation(annotated)) return transaction;
    const length = characters(newDoc);
    if (length <= max || length < characters(startState.doc)) return transaction;
    refused(`An answer has room for ${max.toLocaleString("en")} characters. What you added last would not fit.`);
    return [];
  });

/** As the server counts them. */
const characters = (text) => [...text.toString()].length;
