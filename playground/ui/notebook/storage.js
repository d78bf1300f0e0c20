// The browser's own storage: stores of records, of runs and of attached texts in IndexedDB, as
// promises.
// Knows nothing of what is kept in it. It works on plain http too.

const STORAGE_NAME = `notebook ${window.location.pathname}`;
const STORES = ['records', 'runs', 'texts'];
const VERSION = 2; // one more with each store that is added
const HELD_BACK_BYTES = 4_000_000;
const MOST_NOISE = 65_536; // at a time, says the browser

// Null where this browser keeps nothing.
function openStorage() {
  return new Promise((resolve) => {
    try {
      const opening = window.indexedDB.open(STORAGE_NAME, VERSION);
      opening.onupgradeneeded = () => addStores(opening.result);
      opening.onsuccess = () => resolve(new BrowserStore(opening.result));
      opening.onerror = () => resolve(null);
      opening.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

function addStores(database) {
  const missing = STORES.filter((name) => !database.objectStoreNames.contains(name));
  for (const name of missing) database.createObjectStore(name);
}

class BrowserStore {
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close(); // a newer page in another tab
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

  // Takes some room that `giveRoom` gives back: a browser does not tell how much it has left.
  async holdBack() {
    if (!(await this.holds())) await this.write('records', { held: noise(HELD_BACK_BYTES) });
  }

  async giveRoom() {
    const held = await this.holds();
    if (held) await this.write('records', { held: undefined });
    return held;
  }

  async holds() {
    return (await this.keys('records')).includes('held');
  }

  do(store, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      // At once, also when the page is being left.
      if (mode === 'readwrite') transaction.commit?.();
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'QuotaExceededError'));
      transaction.onerror = () => reject(transaction.error);
    });
  }
}

function noise(bytes) {
  const made = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += MOST_NOISE) crypto.getRandomValues(made.subarray(at, at + MOST_NOISE));
  return new Blob([made]);
}
