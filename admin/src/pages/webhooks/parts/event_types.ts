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

/** The types by their first two words: `auth.mfa.enrolled` is in `auth.mfa.*`; types that stand alone are in no group. */
export function groupsOf(types: readonly string[]): { groups: TypeGroup[]; alone: string[] } {
  const byGroup = new Map<string, string[]>();
  const alone: string[] = [];
  for (const type of types) {
    const words = type.split(".");
    if (words.length < 3) {
      alone.push(type);
      continue;
    }
    const pattern = `${words.slice(0, 2).join(".")}.*`;
    byGroup.set(pattern, [...(byGroup.get(pattern) ?? []), type]);
  }
  return { groups: [...byGroup].map(([pattern, members]) => ({ pattern, types: members })), alone };
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
