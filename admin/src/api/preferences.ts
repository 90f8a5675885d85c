// What a browser remembers of how somebody likes the pages: theme, rail, single-key shortcuts. No data of a project.
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export type Preferences = { theme: Theme; isRailNarrow: boolean; hasSingleKeys: boolean };

const KEY = "aerocall.preferences";
const FIRST: Preferences = { theme: "system", isRailNarrow: false, hasSingleKeys: true };
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const kept: Partial<Preferences> = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const theme = kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system";
    return { theme, isRailNarrow: kept.isRailNarrow === true, hasSingleKeys: kept.hasSingleKeys !== false };
  } catch {
    return FIRST;
  }
}

export function preferences(): Preferences {
  return current;
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still shows what was chosen, until the page is closed.
  }
  applyTheme();
  for (const notify of listeners) notify();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreferences, preferences);
}

/** Calls a function whenever a preference changes, here or in another tab. */
export function onPreferences(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Sets the theme on the page: absent, it follows the system. */
export function applyTheme(): void {
  const page = document.documentElement;
  if (current.theme === "system") delete page.dataset.theme;
  else page.dataset.theme = current.theme;
}

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  current = read();
  applyTheme();
  for (const notify of listeners) notify();
});
