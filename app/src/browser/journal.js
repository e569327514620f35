// What a candidate has written and the server has not acknowledged, kept in the browser's database: neither a crash nor a
// lost connection costs a word. Where there is no database, or one that hangs, the interview goes on without.
import { database } from "browser-database";

const drafts = database("interviews", "drafts", { keyPath: ["invite", "question"] });

/** Keeps `record` in place of what was kept for the question. */
export const keep = (invite, question, rev, record) =>
  drafts.keep((store) => store.put({ invite, question, rev, record }));

/** The keys of all that is kept for the invite. */
const all = (invite) => IDBKeyRange.bound([invite], [invite, []]);

/** Every record that is kept for the invite. */
export async function recall(invite) {
  const found = await drafts.recall((store) => store.getAll(all(invite)));
  return (found ?? []).map(({ record }) => record);
}

/** Forgets what is kept for the question, unless it was changed after `rev`. */
export const forget = (invite, question, rev) =>
  drafts.forget((store) => {
    const request = store.get([invite, question]);
    request.onsuccess = () => {
      if (request.result && request.result.rev <= rev) store.delete([invite, question]);
    };
    return request;
  });

/** Forgets all that is kept for the invite. */
export const forgetAll = (invite) => drafts.forget((store) => store.delete(all(invite)));
