// The log that the server has not acknowledged, kept in the browser's database, so that the next page goes on with it. Where
// there is no database, the next page begins a new log.
import { opener } from "browser-database";

const STORE = "logs";

/** Milliseconds after which a database that does not answer is taken for none. */
const PATIENCE_MS = 2_000;

const database = opener("proctoring", STORE);

async function run(mode, act) {
  const store = (await database()).transaction(STORE, mode).objectStore(STORE);
  const request = act(store);
  return new Promise((resolve, reject) => {
    store.transaction.oncomplete = () => resolve(request.result);
    store.transaction.onabort = () => reject(store.transaction.error);
  });
}

/** Answers undefined where the database does not work, or not in time. */
function soon(mode, act) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const done = run(mode, act).catch((error) => void console.warn("the browser keeps nothing", error));
  return Promise.race([done, late]);
}

export const keep = (session, bytes) => soon("readwrite", (store) => store.put(bytes, session));

export const recall = (session) => soon("readonly", (store) => store.get(session));

export const forget = (session) => soon("readwrite", (store) => store.delete(session));
