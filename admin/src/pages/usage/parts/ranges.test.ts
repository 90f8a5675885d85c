import { expect, test } from "vitest";
import { RANGES, rangeOf, timeOf } from "./ranges.ts";

const NOW = Date.parse("2027-01-31T12:00:00Z");

test.each(RANGES.map(({ value }) => value))("%s is found again in an address", (range) => {
  const { from, to } = timeOf(range, NOW);
  expect(rangeOf(from, to)).toBe(range);
});

test("another time is none of them", () => {
  expect(rangeOf("2027-01-31T10:00:00Z", "2027-01-31T12:00:00Z")).toBeUndefined();
  expect(rangeOf("2027-01-31T10:00:00Z", undefined)).toBeUndefined();
  expect(timeOf("day", NOW)).toEqual({});
});
