// Decisions then and now, as a table of numbers. What cannot be said has a column of its own and is never added to what is the same.
import type { BacktestFigures, BacktestKind } from "../../../../../docs/openapi.d.ts";

export const DECISIONS = ["allow", "patch", "deny", "failure"] as const;
export type Decision = (typeof DECISIONS)[number];
export const COLUMNS = [...DECISIONS, "unknown"] as const;
export type Column = (typeof COLUMNS)[number];

export type Cell = { from: Decision; to: Column; count: number; kind: BacktestKind };
export type Row = { from: Decision; total: number; cells: Cell[] };

/** A row for each decision that happened then. */
export function rowsOf(matrix: BacktestFigures["matrix"]): Row[] {
  return DECISIONS.map((from) => {
    const cells = COLUMNS.map((to) => ({ from, to, count: matrix[from]?.[to] ?? 0, kind: kindOf(from, to) }));
    return { from, total: cells.reduce((sum, cell) => sum + cell.count, 0), cells };
  }).filter((row) => row.total > 0);
}

/** What a change is: the same words as the server's. */
export function kindOf(from: Decision, to: Column): BacktestKind {
  if (to === "unknown") return "unknown";
  if (from === to) return "same";
  const wasLetIn = from === "allow" || from === "patch";
  if (wasLetIn && to === "deny") return "now_denied";
  if (from === "deny" && (to === "allow" || to === "patch")) return "now_allowed";
  return from !== "failure" && to === "failure" ? "new_failure" : "other";
}

export type Headline = { kind: BacktestKind; count: number; title: string; about: string };

/** The counts in words. Calls that are now let in are as prominent as calls that are now denied: in an auth product they are the more dangerous change. */
export function headlinesOf(figures: BacktestFigures): Headline[] {
  return [
    { kind: "same", count: figures.same, title: "decide the same", about: "The same kind of decision as then." },
    { kind: "now_denied", count: figures.nowDenied, title: "would now be denied", about: "Let in then, denied now." },
    { kind: "now_allowed", count: figures.nowAllowed, title: "would now be let in", about: "Denied then, let in now." },
    {
      kind: "new_failure",
      count: figures.newFailures,
      title: "new failures",
      about: "A decision then, a failure now.",
    },
    { kind: "other", count: figures.other, title: "changed otherwise", about: "Such as from allow to patch." },
    {
      kind: "unknown",
      count: figures.unknown,
      title: "unknown",
      about: "The record is incomplete, or the hook asks for something that it had not asked for.",
    },
  ];
}

const REASONS: Record<string, string> = {
  diverged: "asked for something that the record has no answer to",
  expired: "the record was deleted",
  redacted: "a one-time code was taken out of the record",
  cut: "the record exceeded its size limit",
  timed_out: "ended at its deadline, which depends on the machine",
  not_run: "could not be started",
  not_kept: "decided, but its effects could not be stored",
  version_deleted: "the recorded version was deleted",
  no_such_point: "the version has no hook at this point",
  unreadable: "recorded by another version of the server",
};

/** Why nothing can be said, most frequent first. */
export function reasonsOf(reasons: Readonly<Record<string, number>>): { count: number; words: string }[] {
  return Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => ({ count, words: REASONS[reason] ?? reason }));
}
