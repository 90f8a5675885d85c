// Edits that the server does not have yet, kept for the case that the page goes away. In the storage of the tab, never of the browser:
// two tabs with the same hook must not find each other's.
import type { HookId } from "../../../api/queries/drafts.ts";
import type { Content } from "./draft_state.ts";

export type Unsent = { revision: number; content: Content };

const keyOf = (id: HookId) => `unsent:${id.project}/${id.hook}`;

export function keepUnsent(id: HookId, unsent: Unsent): void {
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify(unsent));
  } catch {
    // The storage is full or turned off: the edits are in the editor all the same.
  }
}

export function forgetUnsent(id: HookId): void {
  sessionStorage.removeItem(keyOf(id));
}

export function readUnsent(id: HookId): Unsent | null {
  const stored = sessionStorage.getItem(keyOf(id));
  if (stored === null) return null;
  try {
    const unsent: unknown = JSON.parse(stored);
    return isUnsent(unsent) ? unsent : null;
  } catch {
    return null;
  }
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== "object" || value === null) return false;
  const { revision, content } = value as Partial<Unsent>;
  return typeof revision === "number" && Array.isArray(content?.files) && typeof content?.settings === "object";
}
