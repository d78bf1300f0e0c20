// The browser's own storage: a store of records and one of runs in IndexedDB, as promises.
// Knows nothing of what is kept in it. It works on plain http too.

const STORAGE_NAME = `notebook ${window.location.pathname}`;
const STORES = ['records', 'runs'];

// Null where this browser keeps nothing.
function openStorage() {
  return new Promise((resolve) => {
    try {
      const opening = window.indexedDB.open(STORAGE_NAME, 1);
      opening.onupgradeneeded = () => STORES.forEach((name) => opening.result.createObjectStore(name));
      opening.onsuccess = () => resolve(new BrowserStore(opening.result));
      opening.onerror = () => resolve(null);
      opening.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

class BrowserStore {
  constructor(database) {
    this.database = database;
  }

  read(store, key) {
    return this.do(store, 'readonly', (objects) => objects.get(key));
  }

  keys(store) {
    return this.do(store, 'readonly', (objects) => objects.getAllKeys());
  }

  // All in one transaction: each value under its key, undefined deletes.
  write(store, values) {
    return this.do(store, 'readwrite', (objects) => {
      for (const [key, value] of Object.entries(values)) {
        if (value === undefined) objects.delete(key);
        else objects.put(value, key);
      }
    });
  }

  // All values of a store, by key.
  async all(store) {
    const keys = await this.keys(store);
    const values = await this.do(store, 'readonly', (objects) => objects.getAll());
    return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  }

  do(store, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'QuotaExceededError'));
      transaction.onerror = () => reject(transaction.error);
    });
  }
}

// The part of the quota that is used; 0 where the browser does not say (plain http, older ones).
async function storageUsed() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    return quota ? usage / quota : 0;
  } catch {
    return 0;
  }
}
