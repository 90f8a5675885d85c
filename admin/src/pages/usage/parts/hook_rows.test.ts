import { expect, test } from "vitest";
import type { FigureSeries } from "../../../api/queries/figures.ts";
import { hookRows } from "./hook_rows.ts";

const of = (series: FigureSeries["series"]) => ({ series }) as FigureSeries;

test("a hook has its calls and its failures, in the order of its calls", () => {
  const calls = of([
    { key: "signup", calls: 30, values: [10, 20] },
    { key: "login", calls: 3, values: [null, 3] },
    { key: null, calls: 1, values: [1, 0] },
  ]);
  const failures = of([{ key: "login", calls: 3, values: [0, 2] }]);
  expect(hookRows(calls, failures)).toEqual([
    { hook: "signup", calls: 30, failures: 0, callsOverTime: [10, 20], failuresOverTime: [] },
    { hook: "login", calls: 3, failures: 2, callsOverTime: [0, 3], failuresOverTime: [0, 2] },
    { hook: null, calls: 1, failures: 0, callsOverTime: [1, 0], failuresOverTime: [] },
  ]);
});
