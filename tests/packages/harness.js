// Runs the cases of a row, in Node.js and in a hook alike, into answers that JSON can hold.

/** JSON loses undefined, bigint, NaN and its like, which are what some cases are about. */
function jsonable(value) {
  if (value === undefined) return "<undefined>";
  if (typeof value === "bigint") return `<${value}n>`;
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) return `<${Object.is(value, -0) ? "-0" : value}>`;
  if (typeof value === "function") return `<function ${value.name}>`;
  if (value instanceof Uint8Array) return `<bytes ${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}>`;
  if (value instanceof Date) return `<date ${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()}>`;
  if (value instanceof Map || value instanceof Set) return [`<${value.constructor.name}>`, ...Array.from(value, jsonable)];
  if (value instanceof RegExp || value instanceof URL) return `<${value}>`;
  if (value instanceof Error) return `<${value.name}: ${value.message}>`;
  if (Array.isArray(value)) return Array.from(value, jsonable);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonable(item)]));
  }
  return value;
}

export async function answers(cases) {
  const answers = {};
  for (const [name, test] of Object.entries(cases)) {
    try {
      answers[name] = jsonable(await test());
    } catch (error) {
      answers[name] = `<throws ${error?.name}: ${error?.message}>`;
    }
  }
  return answers;
}
