import { describe, expect, it } from "vitest";
import type { Rollout } from "../../../../../docs/openapi.d.ts";
import { FIRST, nextShares, problemOf, requestOf, rulesOf, verdictOf, withShare } from "./rollouts.ts";

const side = { version: 3, calls: 0, failures: 0, failuresPercent: null, denials: 0, denialsPercent: null };
const canary = {
  kind: "canary",
  version: 4,
  share: 5,
  stickyBy: "user",
  until: "2026-03-01T12:00:00Z",
  stopIf: { failures: 1, denials: 3, minCalls: 200 },
  state: "running",
  verdict: "too_early",
  reason: null,
  comparison: { live: side, candidate: { ...side, version: 4, calls: 14 }, shadow: null },
} as unknown as Rollout;

describe("what is sent", () => {
  it("has an end, and the rules of a canary", () => {
    expect(requestOf("canary", 4, FIRST, Date.parse("2026-03-01T08:00:00Z"))).toEqual({
      kind: "canary",
      version: 4,
      share: 5,
      stickyBy: "user",
      until: "2026-03-01T12:00:00.000Z",
      stopIf: { failures: 1, denials: 3, minCalls: 200 },
    });
    expect(requestOf("shadow", 4, FIRST, 0)).not.toHaveProperty("stopIf");
  });

  it("is looked at before", () => {
    expect(problemOf("canary", FIRST)).toBeNull();
    for (const wrong of [{ share: null }, { share: 0 }, { share: 101 }, { minCalls: 1.5 }, { denials: 0 }]) {
      expect(problemOf("canary", { ...FIRST, ...wrong }), JSON.stringify(wrong)).not.toBeNull();
    }
    expect(problemOf("canary", { ...FIRST, failures: null, denials: null })).toBeNull();
    expect(problemOf("shadow", { ...FIRST, minCalls: null })).toBeNull();
  });

  it("changes nothing but the share of the one that goes on", () => {
    expect(withShare(canary, 10)).toEqual({
      kind: "canary",
      version: 4,
      share: 10,
      stickyBy: "user",
      until: canary.until,
      stopIf: canary.stopIf,
    });
  });
});

describe("what the figures say", () => {
  it("is nothing of few calls", () => {
    expect(verdictOf(canary)).toBe("14 of 200 calls: too early to say");
    expect(verdictOf({ ...canary, state: "stopped", reason: "2.1 % of 210 calls failed" })).toBe(
      "2.1 % of 210 calls failed",
    );
  });

  it("names the rules that stop it", () => {
    expect(rulesOf(canary)).toContain("more than 1% of its calls fail, or it denies more than 3 times");
    expect(rulesOf({ ...canary, stopIf: { failures: null, denials: null, minCalls: 200 } })).toBe("No rule stops it.");
  });
});

it("the share is raised by a step, or to all", () => {
  expect(nextShares(5)).toEqual([10, 100]);
  expect(nextShares(50)).toEqual([100]);
  expect(nextShares(100)).toEqual([]);
});
