import { describe, expect, it } from "vitest";
import { timeRange } from "./time_range.ts";

const now = Date.parse("2026-11-30T12:10:07.000Z");

describe("the time that the histogram shows", () => {
  it("is the last day, in steps that stay where they are", () => {
    const range = timeRange({}, now);
    expect(range).toEqual({ from: "2026-11-29T12:30:00.000Z", to: "2026-11-30T12:30:00.000Z", step: 1800 });
    expect(timeRange({}, now + 60_000)).toEqual(range);
  });

  it("is what the filters say, in at most 60 steps", () => {
    const filter = { from: "2026-11-30T10:00:00.000Z", to: "2026-11-30T10:05:00.000Z" };
    expect(timeRange(filter, now)).toEqual({ ...filter, step: 5 });
    expect(timeRange({ from: "2026-11-30T12:00:00.000Z" }, now)).toEqual({
      from: "2026-11-30T12:00:00.000Z",
      to: "2026-11-30T12:10:15.000Z",
      step: 15,
    });
  });

  it("is no longer than the server looks back", () => {
    const range = timeRange({ from: "2026-01-01T00:00:00.000Z" }, now);
    expect(Date.parse(range.to) - Date.parse(range.from)).toBe(31 * 86_400_000);
  });
});
