// Pages of a list that the server gives by cursors: it says where the next one begins, and this remembers where those before
// began. The cursor is in the address, so a link shows the page that somebody saw.
import { useRef } from "react";

type Cursor = string | undefined;

export type Pages = {
  /** Absent where there are none. */
  older?: () => void;
  newer?: () => void;
};

/** `filter` is what the list is filtered by, as text: another filter begins at the first page. */
export function useKeyset(
  before: Cursor,
  next: string | null | undefined,
  filter: string,
  go: (before: Cursor) => void,
): Pages {
  const trail = useRef<{ filter: string; begins: Cursor[] }>({ filter, begins: [] });
  if (trail.current.filter !== filter) trail.current = { filter, begins: [] };
  const { begins } = trail.current;
  const pages: Pages = {};
  if (next) {
    pages.older = () => {
      begins.push(before);
      go(next);
    };
  }
  // Whoever came by a link to a later page has no trail: the first page is all that can be gone back to.
  if (before) pages.newer = () => go(begins.pop());
  return pages;
}
