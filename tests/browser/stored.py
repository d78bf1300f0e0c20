"""What the page has put into the browser's storage, read without the page's own code."""

from __future__ import annotations

from playwright.sync_api import Page

# Looks until what is stored holds a text, and so many runs are stored.
_UNTIL_STORED = """async ([wanted, runs]) => {
  const look = () => new Promise((resolve) => {
    const opening = indexedDB.open(`notebook ${location.pathname}`);
    opening.onerror = () => resolve(false);
    opening.onsuccess = () => {
      const stores = opening.result.transaction(["records", "runs"]);
      const records = stores.objectStore("records").getAll();
      const kept = stores.objectStore("runs").getAll();
      stores.oncomplete = () => {
        opening.result.close();
        const all = runs === null || kept.result.length === runs;
        resolve(all && JSON.stringify([records.result, kept.result]).includes(wanted));
      };
    };
  });
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise(requestAnimationFrame))
    if (await look()) return true;
  return false;
}"""


def kept(page: Page, text: str, runs: int | None = None) -> None:
    """Wait until the browser has stored this text and, where given, so many runs."""
    assert page.evaluate(_UNTIL_STORED, [text, runs]), f"{text!r} was not stored"
