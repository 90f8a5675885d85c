// What is wrong with a hook, from two sides: the compiler of the server and TypeScript in the browser. Both see the same mistakes
// now and then; each is said once. Knows no Monaco.

export type Problem = {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: "error" | "warning";
  code: string;
  message: string;
  hint: string | null;
  source: "aerocall" | "typescript";
};

/** Codes of the compiler, and the codes of TypeScript that say the same. */
const SAME: readonly (readonly [codes: readonly string[], typescript: (code: number) => boolean])[] = [
  [["syntax", "unsupported-syntax"], (code) => code >= 1000 && code < 2000],
  [
    ["missing-import", "node-builtin", "url-import", "outside-project", "unsupported-file"],
    oneOf(2307, 2792, 2732, 2882, 7016),
  ],
  [["missing-export", "suspicious-import"], oneOf(2305, 2613, 2614, 2724, 2497, 1192)],
  [["missing-global", "no-intl"], oneOf(2304, 2552, 2580, 2581, 2584, 2503, 2868)],
  [["bad-assignment"], oneOf(2588, 2632, 2540)],
  [["unknown-event", "bad-config"], oneOf(2322, 2353, 2345, 2561)],
];

function oneOf(...codes: number[]): (code: number) => boolean {
  return (code) => codes.includes(code);
}

/** Whether both say the same: of the same line, in other words. */
export function isSame(ours: Problem, theirs: Problem): boolean {
  if (ours.file !== theirs.file || ours.line !== theirs.line) return false;
  // A server that checks types says what the browser says.
  if (ours.code === `TS${theirs.code}`) return true;
  const code = Number(theirs.code);
  return SAME.some(([codes, says]) => codes.includes(ours.code) && says(code));
}

/** What TypeScript says that the compiler does not say already. */
export function withoutDoubles(ours: readonly Problem[], typescript: readonly Problem[]): Problem[] {
  return typescript.filter((one) => !ours.some((other) => isSame(other, one)));
}

/** All problems, errors first, then by place. */
export function merged(ours: readonly Problem[], typescript: readonly Problem[]): Problem[] {
  const all = [...ours, ...withoutDoubles(ours, typescript)];
  const rank = (one: Problem) => (one.severity === "error" ? 0 : 1);
  return all.sort(
    (a, b) => rank(a) - rank(b) || a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** How many of each kind: `2 errors, 1 warning`. */
export function countOf(problems: readonly Problem[]): string {
  const errors = problems.filter((one) => one.severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")];
  return parts.filter(Boolean).join(", ") || "No problems";
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
