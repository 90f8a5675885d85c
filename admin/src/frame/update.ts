// What happens when a part of the pages is gone from the server because it was updated: the page is loaded again, once, and says
// why.

const KEY = "aerocall.updated";
/** A page that fails again so soon does not fail because of an update. */
const ONCE_WITHIN_MS = 30_000;

/** Loads the page again when a part of it cannot be loaded. */
export function followUpdates(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < ONCE_WITHIN_MS || !navigator.onLine) return;
    event.preventDefault();
    sessionStorage.setItem(KEY, String(Date.now()));
    window.location.reload();
  });
}

/** Whether this page was loaded again because of an update, a moment ago. */
export function wasUpdated(): boolean {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  return Date.now() - last < 5_000;
}
