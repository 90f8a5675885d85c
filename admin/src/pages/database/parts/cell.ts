// A value of a row as the server sends it, in words: what JSON has no number for comes as an object with one member.

/** How a value looks: what is no value is not the text `NULL`. */
export type Cell = { kind: "null" | "number" | "boolean" | "text" | "bytes" | "json"; text: string };

export function readCell(value: unknown): Cell {
  if (value === null || value === undefined) return { kind: "null", text: "NULL" };
  if (typeof value === "number") return { kind: "number", text: String(value) };
  if (typeof value === "boolean") return { kind: "boolean", text: String(value) };
  if (typeof value === "string") return { kind: "text", text: value };
  if (isObject(value)) {
    const { integer, real, blob, json } = value;
    if (typeof integer === "string") return { kind: "number", text: integer };
    if (typeof real === "string") return { kind: "number", text: real };
    if (typeof blob === "string") return { kind: "bytes", text: blob };
    if (json !== undefined) return { kind: "json", text: JSON.stringify(json) };
  }
  return { kind: "json", text: JSON.stringify(value) };
}

/** As a spreadsheet gets it: no value is an empty cell, numbers beyond 2^53 keep their digits. */
export function plainValue(value: unknown): unknown {
  const cell = readCell(value);
  if (cell.kind === "null") return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return cell.text;
}

/** How many bytes a base64 text stands for. */
export function sizeOfBase64(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor(text.length / 4) * 3 - padding);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
