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

/** How much the database did not do in time and may still do. Nothing more is kept meanwhile: nobody waits for it again. */
let overdue = 0;

/** Answers undefined where the database does not work, or not in time. */
function soon(mode, act) {
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      overdue += 1;
      resolve();
    }, PATIENCE_MS);
    run(mode, act)
      .catch((error) => void console.warn("the browser keeps nothing", error))
      .then((found) => {
        clearTimeout(timer);
        if (late) overdue -= 1;
        resolve(found);
      });
  });
}

export const keep = (session, bytes) =>
  overdue ? undefined : soon("readwrite", (store) => store.put(bytes, session));

export const recall = (session) => soon("readonly", (store) => store.get(session));

export const forget = (session) => soon("readwrite", (store) => store.delete(session));
