import { describe, expect, it } from "vitest";
import { pairOf, readPair } from "./pair.ts";

describe("a pair of versions", () => {
  it("has the older one on the left", () => {
    expect(pairOf([13, 12])).toBe("12..13");
    expect(pairOf(["draft", 3])).toBe("3..draft");
    expect(pairOf([3])).toBeNull();
  });

  it("is read from an address, or is none", () => {
    expect(readPair("12..13")).toEqual({ a: 12, b: 13 });
    expect(readPair("3..draft")).toEqual({ a: 3, b: "draft" });
    for (const pair of ["", "12", "0..1", "a..b", "1..2..3", "1...2"]) expect(readPair(pair), pair).toBeNull();
  });
});
