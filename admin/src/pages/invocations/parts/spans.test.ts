import { describe, expect, it } from "vitest";
import { laidOut } from "./spans.ts";

const call = (name: string, durationUs: number, startedUs?: number) => ({
  name,
  arguments: null,
  answer: null,
  durationUs,
  ...(startedUs === undefined ? {} : { startedUs }),
});

describe("host calls in the time of an invocation", () => {
  it("lie where they began, and the rest is the hook's own time", () => {
    const laid = laidOut([call("db.query", 400, 100), call("http.send", 300, 600)], 1000);
    expect(laid.isPlaced).toBe(true);
    expect(laid.spans.map(({ startUs }) => startUs)).toEqual([100, 600]);
    expect(laid.ownUs).toBe(300);
  });

  it("are not counted twice where they overlap", () => {
    expect(laidOut([call("http.send", 500, 0), call("http.send", 500, 200)], 1000).ownUs).toBe(300);
  });

  it("follow one another if they do not say when they began", () => {
    const laid = laidOut([call("cache.get", 40), call("cache.set", 60)], 500);
    expect(laid.isPlaced).toBe(false);
    expect(laid.spans.map(({ startUs, lengthUs }) => [startUs, lengthUs])).toEqual([
      [0, 40],
      [40, 60],
    ]);
    expect(laid.ownUs).toBe(400);
  });

  it("never leave less than nothing to the hook", () => {
    expect(laidOut([call("db.query", 900)], 500).ownUs).toBe(0);
  });
});
