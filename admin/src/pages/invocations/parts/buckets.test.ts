import { describe, expect, it } from "vitest";
import { type Bucket, barsOf, said } from "./buckets.ts";

const bucket = (hour: number, more: Partial<Bucket> = {}): Bucket => ({
  at: `2026-11-30T${String(hour).padStart(2, "0")}:00:00.000Z`,
  allow: 0,
  patch: 0,
  deny: 0,
  failure: 0,
  ...more,
});

describe("the histogram of invocations", () => {
  it("has bars that are parts of the tallest one, failures at the bottom", () => {
    const bars = barsOf([bucket(1, { allow: 6, failure: 2, deny: 2 }), bucket(2, { patch: 5 }), bucket(3)], 3600);
    expect(bars[0]?.parts).toEqual([
      { kind: "failure", count: 2, height: 20 },
      { kind: "deny", count: 2, height: 20 },
      { kind: "allow", count: 6, height: 60 },
    ]);
    expect(bars[1]?.parts).toEqual([{ kind: "patch", count: 5, height: 50 }]);
    expect(bars[2]?.parts).toEqual([]);
    expect(bars[0]?.until).toBe("2026-11-30T02:00:00.000Z");
  });

  it("says in words what it shows", () => {
    const words = said([bucket(1, { allow: 90, failure: 10 }), bucket(2, { allow: 100, deny: 5 })]);
    expect(words).toContain("205 invocations: 10 failed");
    expect(words).toContain("of 205), 5 denied");
    expect(words).toContain(": 105.");
    expect(said([bucket(1)])).toBe("No invocation in this time.");
  });
});
