// A value in a few words, for a row: the text of a query, the key of a cache entry, the host of a request.

const LONGEST = 80;

export function subject(value: unknown): string {
  return cut(said(value));
}

function said(value: unknown): string {
  if (value === null || value === undefined) return String(value ?? "null");
  if (typeof value === "string") return value.replaceAll(/\s+/g, " ").trim();
  // Arguments by place: the first is what it is about, such as a statement, a key or a queue.
  if (Array.isArray(value) && (value.length === 1 || typeof value[0] === "string")) return said(value[0]);
  if (typeof value !== "object") return JSON.stringify(value);
  const record = value as Record<string, unknown>;
  if (typeof record.method === "string" && typeof record.url === "string") return `${record.method} ${record.url}`;
  for (const name of ["sql", "key", "queue", "to", "name", "url"]) {
    if (typeof record[name] === "string") return said(record[name]);
  }
  return JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
