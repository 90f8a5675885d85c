// Conditions on the rows of a table, as the address has them and as the server takes them: a JSON list.

export type Condition = { column: string; eq: string | number | boolean | null } | { column: string; prefix: string };

/** What the server takes at most. */
export const MOST_CONDITIONS = 8;

/** Of an address: what is no list of conditions is none. */
export function readConditions(text: string | undefined): Condition[] {
  if (!text) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter(isCondition).slice(0, MOST_CONDITIONS) : [];
  } catch {
    return [];
  }
}

export function writeConditions(conditions: readonly Condition[]): string | undefined {
  return conditions.length > 0 ? JSON.stringify(conditions) : undefined;
}

export type Operator = "eq" | "prefix" | "null";

/** Of what was chosen and typed. A number is compared with a column of numbers; everything else is text. */
export function makeCondition(column: string, operator: Operator, typed: string, type: string): Condition {
  if (operator === "null") return { column, eq: null };
  if (operator === "prefix") return { column, prefix: typed };
  return { column, eq: readValue(typed, type) };
}

const NUMBERS = /^(int|integer|bigint|smallint|real|double|float|numeric|decimal)/i;

function readValue(typed: string, type: string): string | number | boolean {
  if (/^bool/i.test(type) && /^(true|false)$/i.test(typed)) return typed.toLowerCase() === "true";
  const number = Number(typed);
  // Beyond 2^53 digits would be lost: as text, the database reads all of them.
  const isExact = typed.trim() !== "" && Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  return NUMBERS.test(type) && isExact ? number : typed;
}

export function conditionInWords(condition: Condition): string {
  if ("prefix" in condition) return `${condition.column} begins with ${condition.prefix}`;
  return condition.eq === null ? `${condition.column} is NULL` : `${condition.column} = ${condition.eq}`;
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null || !("column" in value) || typeof value.column !== "string")
    return false;
  if ("prefix" in value) return typeof value.prefix === "string";
  return "eq" in value && (value.eq === null || ["string", "number", "boolean"].includes(typeof value.eq));
}
