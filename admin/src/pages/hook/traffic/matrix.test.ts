import { describe, expect, it } from "vitest";
import type { BacktestFigures } from "../../../../../docs/openapi.d.ts";
import { COLUMNS, DECISIONS, headlinesOf, kindOf, reasonsOf, rowsOf } from "./matrix.ts";

const change = { p50Before: 0, p50After: 0, p95Before: 0, p95After: 0, p95Percent: null };
const figures: BacktestFigures = {
  same: 932,
  identical: 890,
  nowDenied: 41,
  nowAllowed: 2,
  newFailures: 3,
  other: 0,
  unknown: 6,
  matrix: {
    allow: { allow: 912, deny: 41, failure: 3, unknown: 6 },
    deny: { allow: 2, deny: 14 },
    patch: { patch: 6 },
  },
  unknownReasons: { cut: 1, diverged: 5 },
  fuel: change,
  timeUs: change,
};

describe("the matrix of decisions", () => {
  it("has a row for each decision that there was, and a column of its own for what is unknown", () => {
    const rows = rowsOf(figures.matrix);
    expect(rows.map((row) => row.from)).toEqual(["allow", "patch", "deny"]);
    expect(rows[0]?.cells.map((cell) => cell.count)).toEqual([912, 0, 41, 3, 6]);
    expect(rows[0]?.total).toBe(962);
  });

  it("counts in every cell what the headline says", () => {
    const counted = new Map<string, number>();
    for (const cell of rowsOf(figures.matrix).flatMap((row) => row.cells)) {
      counted.set(cell.kind, (counted.get(cell.kind) ?? 0) + cell.count);
    }
    for (const headline of headlinesOf(figures))
      expect(counted.get(headline.kind) ?? 0, headline.kind).toBe(headline.count);
  });

  it("never counts what is unknown as the same", () => {
    for (const from of DECISIONS) expect(kindOf(from, "unknown")).toBe("unknown");
  });

  it("knows every kind of change", () => {
    const kinds = DECISIONS.map((from) => COLUMNS.map((to) => kindOf(from, to)));
    expect(kinds).toEqual([
      ["same", "other", "now_denied", "new_failure", "unknown"],
      ["other", "same", "now_denied", "new_failure", "unknown"],
      ["now_allowed", "now_allowed", "same", "new_failure", "unknown"],
      ["other", "other", "other", "same", "unknown"],
    ]);
  });

  it("says why something is unknown, most frequent first", () => {
    expect(reasonsOf(figures.unknownReasons).map((reason) => reason.count)).toEqual([5, 1]);
  });
});
