// Invocations by outcome, as the page draws and says them: failures of every code are one thing.
import type { FigureSeries } from "../../../api/queries/figures.ts";
import { number, percent, plural } from "../../../parts/format.ts";

export type Kind = "allow" | "patch" | "deny" | "failure";
export const KINDS: readonly Kind[] = ["allow", "patch", "deny", "failure"];
export const WORDS: Record<Kind, string> = { allow: "allowed", patch: "patched", deny: "denied", failure: "failed" };

export type ByOutcome = {
  times: number[];
  values: Record<Kind, number[]>;
  totals: Record<Kind, number>;
  total: number;
};

export function byOutcome(of: FigureSeries): ByOutcome {
  const times = timesOf(of);
  const none = () => times.map(() => 0);
  const values = { allow: none(), patch: none(), deny: none(), failure: none() };
  const totals = { allow: 0, patch: 0, deny: 0, failure: 0 };
  for (const series of of.series) {
    const kind = kindOf(series.key);
    totals[kind] += series.calls;
    series.values.forEach((value, index) => {
      values[kind][index] = (values[kind][index] ?? 0) + (value ?? 0);
    });
  }
  return { times, values, totals, total: KINDS.reduce((sum, kind) => sum + totals[kind], 0) };
}

/** Where each step begins, in milliseconds. */
export function timesOf({ from, stepSeconds, series }: FigureSeries): number[] {
  const begin = Date.parse(from);
  const steps = Math.max(0, ...series.map(({ values }) => values.length));
  return Array.from({ length: steps }, (_, index) => begin + index * stepSeconds * 1000);
}

/** One sentence for the chart: how many, how they ended, when there were most. `at` writes a time. */
export function summary({ times, values, totals, total }: ByOutcome, at: (time: number) => string): string {
  if (total === 0) return "No invocation in this time.";
  const ended = (["deny", "failure"] as const)
    .filter((kind) => totals[kind] > 0)
    .map((kind) => `${number(totals[kind])} ${WORDS[kind]} (${percent(totals[kind] / total)})`);
  const sums = times.map((_, index) => KINDS.reduce((sum, kind) => sum + (values[kind][index] ?? 0), 0));
  const most = sums.indexOf(Math.max(...sums));
  const peak = `most from ${at(times[most] ?? 0)} on: ${number(sums[most] ?? 0)}`;
  return `${plural(total, "invocation")}; ${[...ended, peak].join(", ")}.`;
}

function kindOf(outcome: string | null): Kind {
  return KINDS.find((kind) => kind === outcome) ?? "failure";
}
