import { expect, test } from "vitest";
import type { FigureSeries } from "../../../api/queries/figures.ts";
import { byOutcome, summary } from "./outcomes.ts";

const SERIES: FigureSeries = {
  metric: "calls",
  by: "outcome",
  from: "2027-01-31T00:00:00Z",
  to: "2027-01-31T03:00:00Z",
  stepSeconds: 3600,
  isComplete: true,
  series: [
    { key: "allow", calls: 100, values: [10, 60, 30] },
    { key: "deny", calls: 4, values: [0, 4, null] },
    { key: "hook_timeout", calls: 2, values: [1, 1, 0] },
    { key: "hook_failed", calls: 1, values: [0, 0, 1] },
  ],
};

test("failures of every code are added, steps without a value are none", () => {
  const made = byOutcome(SERIES);
  expect(made.values).toEqual({ allow: [10, 60, 30], patch: [0, 0, 0], deny: [0, 4, 0], failure: [1, 1, 1] });
  expect(made.total).toBe(107);
  expect(made.times.map((time) => new Date(time).getUTCHours())).toEqual([0, 1, 2]);
});

test("one sentence says what there is to see", () => {
  const at = (time: number) => `${new Date(time).getUTCHours()}:00`;
  expect(summary(byOutcome(SERIES), at)).toBe(
    "107 invocations; 4 denied (3.7%), 3 failed (2.8%), most from 1:00 on: 65.",
  );
  expect(summary(byOutcome({ ...SERIES, series: [] }), at)).toBe("No invocation in this time.");
});
