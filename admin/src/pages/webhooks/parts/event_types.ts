// Event types of a webhook endpoint: names, groups such as `auth.mfa.*`, or everything, and what they select.

export const EVERYTHING = "*";

/** Whether a pattern selects an event type. */
export function selects(pattern: string, type: string): boolean {
  if (pattern === EVERYTHING) return true;
  return pattern.endsWith(".*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

export function selected(patterns: readonly string[], types: readonly string[]): string[] {
  return types.filter((type) => patterns.some((pattern) => selects(pattern, type)));
}

export type TypeGroup = { pattern: string; types: string[] };

/** The types by their first two words: `auth.mfa.enrolled` is in `auth.mfa.*`. A group of one is none. */
export function groupsOf(types: readonly string[]): { groups: TypeGroup[]; alone: string[] } {
  const patterns = new Set(types.map(groupOf).filter((pattern) => pattern !== null));
  const groups = [...patterns]
    .map((pattern) => ({ pattern, types: types.filter((type) => groupOf(type) === pattern) }))
    .filter((group) => group.types.length > 1);
  const grouped = new Set(groups.flatMap((group) => group.types));
  return { groups, alone: types.filter((type) => !grouped.has(type)) };
}

function groupOf(type: string): string | null {
  const words = type.split(".");
  return words.length < 3 ? null : `${words.slice(0, 2).join(".")}.*`;
}

/** Adds or removes a pattern. What a wider one selects already is dropped from the list. */
export function toggled(patterns: readonly string[], pattern: string): string[] {
  if (patterns.includes(pattern)) return patterns.filter((one) => one !== pattern);
  if (pattern === EVERYTHING) return [EVERYTHING];
  const others = patterns.filter((one) => !selects(pattern, one.replace(/\.\*$/, ".")) && one !== EVERYTHING);
  return [...others, pattern];
}

/** Whether another pattern of the list selects the type, so that choosing it by itself would change nothing. */
export function isCovered(patterns: readonly string[], type: string): boolean {
  return patterns.some((pattern) => pattern !== type && selects(pattern, type));
}
