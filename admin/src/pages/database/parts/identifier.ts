// Names of tables and columns in SQL.

/** As both databases take it, whatever is in it. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
