// What a candidate has written and the server has not acknowledged, kept in the browser's database: neither a crash nor a
// lost connection costs a word. Where there is no database, the interview goes on without.
import { opener } from "browser-database";

const STORE = "drafts";

const database = opener("interviews", STORE, { keyPath: ["invite", "question"] });

/** Runs `act` in one transaction. Answers undefined where the database does not work. */
async function run(mode, act) {
  try {
    const store = (await database()).transaction(STORE, mode).objectStore(STORE);
    return await new Promise((resolve, reject) => {
      let found;
      act(store, (value) => (found = value));
      store.transaction.oncomplete = () => resolve(found);
      store.transaction.onabort = () => reject(store.transaction.error);
    });
  } catch (error) {
    console.warn("the browser keeps nothing", error);
    return undefined;
  }
}

/** Keeps `record` in place of what was kept for the question. */
export const keep = (invite, question, rev, record) =>
  run("readwrite", (store) => store.put({ invite, question, rev, record }));

/** The keys of all that is kept for the invite. */
const all = (invite) => IDBKeyRange.bound([invite], [invite, []]);

/** Every record that is kept for the invite. */
export async function recall(invite) {
  const found = await run("readonly", (store, answer) => {
    const request = store.getAll(all(invite));
    request.onsuccess = () => answer(request.result);
  });
  return (found ?? []).map(({ record }) => record);
}

/** Forgets what is kept for the question, unless it was changed after `rev`. */
export const forget = (invite, question, rev) =>
  run("readwrite", (store) => {
    const request = store.get([invite, question]);
    request.onsuccess = () => {
      if (request.result && request.result.rev <= rev) store.delete([invite, question]);
    };
  });

/** Forgets all that is kept for the invite. */
export const forgetAll = (invite) => run("readwrite", (store) => store.delete(all(invite)));
