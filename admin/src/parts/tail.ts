// New rows of a list while somebody watches: the newest first, none twice, and only as many as can be looked at.

/** More are not kept: they are in the list, a page further. */
export const MOST_IN_TAIL = 500;

export function withNewer<T extends { id: string }>(rows: readonly T[], newer: readonly T[]): T[] {
  const known = new Set(rows.map((row) => row.id));
  const added = newer.filter((row) => !known.has(row.id));
  if (added.length === 0) return rows as T[];
  return [...added, ...rows].slice(0, MOST_IN_TAIL);
}
