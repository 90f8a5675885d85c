// One registry of keyboard shortcuts: what `?` lists is what there is. Single keys work outside of inputs only and can be turned
// off (WCAG 2.1.4); `g h` is one key after the other; `mod` is ⌘ on a Mac and Ctrl elsewhere.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { preferences } from "../api/preferences.ts";

export type Shortcut = { keys: string; title: string; group: string };
type Registered = Shortcut & { run: (event: KeyboardEvent) => void };

/** How long the second key of `g h` may take. */
const SEQUENCE_MS = 1200;

const registered: Registered[] = [];
const listeners = new Set<() => void>();
let shown: readonly Shortcut[] = [];
let prefix: { key: string; at: number } | null = null;

/** Registers a shortcut while the component is there. The newest of two with the same keys wins. */
export function useShortcut(
  keys: string,
  title: string,
  run: (event: KeyboardEvent) => void,
  options: { isOn?: boolean; group?: string } = {},
): void {
  const { isOn = true, group = "This page" } = options;
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!isOn) return;
    return register({ keys, title, group, run: (event) => latest.current(event) });
  }, [keys, title, group, isOn]);
}

/** Everything that is registered now, for the list. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => shown,
  );
}

export function register(shortcut: Registered): () => void {
  if (registered.length === 0) window.addEventListener("keydown", onKeyDown);
  registered.push(shortcut);
  changed();
  return () => {
    registered.splice(registered.indexOf(shortcut), 1);
    if (registered.length === 0) window.removeEventListener("keydown", onKeyDown);
    changed();
  };
}

function changed(): void {
  const byKeys = new Map(registered.map(({ keys, title, group }) => [keys, { keys, title, group }]));
  shown = [...byKeys.values()];
  for (const notify of listeners) notify();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const pressed = keysOf(event);
  if (!pressed) return;
  const isSingle = !pressed.includes("+");
  if (isSingle && pressed !== "Escape") {
    if (!preferences().hasSingleKeys || isTyping(event.target) || isInOverlay(event.target)) return;
  }
  const inTime = prefix && event.timeStamp - prefix.at < SEQUENCE_MS ? prefix.key : null;
  const found = (inTime && find(`${inTime} ${pressed}`)) || find(pressed);
  prefix = null;
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (isSingle && registered.some((one) => one.keys.startsWith(`${pressed} `))) {
    prefix = { key: pressed, at: event.timeStamp };
  }
}

function find(keys: string): Registered | undefined {
  return registered.findLast((one) => one.keys === keys);
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of an event as they are registered; none for a modifier alone. */
export function keysOf(event: KeyboardEvent): string | null {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return null;
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  const other = IS_MAC ? event.ctrlKey : event.metaKey;
  const key = event.key.length === 1 && mod ? event.key.toLowerCase() : event.key;
  const parts = [mod && "mod", other && (IS_MAC ? "Ctrl" : "Meta"), event.altKey && "Alt"].filter(Boolean);
  // A sign such as `?` needs Shift on some keyboards and not on others: it is part of the sign.
  if (event.shiftKey && (event.key.length > 1 || mod)) parts.push("Shift");
  return [...parts, key].join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], .monaco-editor, [role=menu], [role=listbox]") !== null
  );
}

function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=alertdialog]") !== null;
}

/** For people: `⌘ K`, `Ctrl K`, `g then h`. */
export function shownKeys(keys: string): string[] {
  const names: Record<string, string> = IS_MAC
    ? { mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", Escape: "Esc" }
    : { mod: "Ctrl", Enter: "Enter", Escape: "Esc" };
  return keys.split(" ").map((chord) => {
    const parts = chord === "+" ? ["+"] : chord.split("+");
    return parts
      .map((part) => names[part] ?? (part.length === 1 && parts.length > 1 ? part.toUpperCase() : part))
      .join(IS_MAC ? "" : " ");
  });
}
