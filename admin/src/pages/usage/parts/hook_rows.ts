// What each hook did in a time: calls and failures over it, put together from two figures.
import type { FigureSeries } from "../../../api/queries/figures.ts";

export type HookRow = {
  /** `null`: all the hooks that are not listed. */
  hook: string | null;
  calls: number;
  failures: number;
  callsOverTime: number[];
  failuresOverTime: number[];
};

export function hookRows(calls: FigureSeries, failures: FigureSeries): HookRow[] {
  return calls.series.map((one) => {
    const failed = failures.series.find((other) => other.key === one.key);
    const failuresOverTime = (failed?.values ?? []).map((value) => value ?? 0);
    return {
      hook: one.key,
      calls: one.calls,
      failures: failuresOverTime.reduce((sum, value) => sum + value, 0),
      callsOverTime: one.values.map((value) => value ?? 0),
      failuresOverTime,
    };
  });
}
