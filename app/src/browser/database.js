// A database of the browser's, opened when it is needed and again after it was closed. For the page and its workers:
// `cargo xtask build` resolves the name `browser-database`.

/** Answers what opens the database `name`, which has one store. `options` are the store's. */
export function opener(name, store, options) {
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
