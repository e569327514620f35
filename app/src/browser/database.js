// A database of the browser's, opened when it is needed and again after it was closed. For the page and its workers:
// `cargo xtask build` resolves the name `browser-database`. Nobody waits for one that hangs, as browsers' sometimes do.

/** Milliseconds after which a database that does not answer is taken for none. */
const PATIENCE_MS = 2_000;

/** Answers what opens the database `name`, which has one store. `options` are the store's. */
function opener(name, store, options) {
  let opened;
  return () =>
    (opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, options);
      const again = () => (opened = undefined);
      request.onsuccess = () => {
        // The browser may close it, and a newer page may need it closed: then it is opened anew.
        request.result.onclose = again;
        request.result.onversionchange = () => {
          request.result.close();
          again();
        };
        resolve(request.result);
      };
      request.onerror = () => {
        again();
        reject(request.error);
      };
    }));
}

/**
 * The database `name` with one store, whose `options` these are. Each of its functions runs `act` in a transaction of its own and
 * answers the result of the request that `act` makes, or undefined where the database does not work, or not in time.
 */
export function database(name, store, options) {
  const open = opener(name, store, options);

  async function run(mode, act) {
    const transaction = (await open()).transaction(store, mode);
    const request = act(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** How much it did not do in time and may still do. */
  let overdue = 0;

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

  // While something is overdue, nobody waits for the same again, and nothing more is kept.
  return {
    recall: (act) => soon("readonly", act),
    keep: async (act) => (overdue ? undefined : soon("readwrite", act)),
    forget: async (act) => {
      const forgotten = soon("readwrite", act);
      return overdue ? undefined : forgotten;
    },
  };
}
