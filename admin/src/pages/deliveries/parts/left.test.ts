import { describe, expect, it } from "vitest";
import { left } from "./left.ts";

const said = (seconds: number) => left(seconds * 1000).replaceAll("\u2009", " ");

describe("the time until an attempt", () => {
  it("has two units at most", () => {
    expect(said(4)).toBe("in 4 s");
    expect(said(252)).toBe("in 4 min 12 s");
    expect(said(7200)).toBe("in 2 h");
    expect(said(90_061)).toBe("in 1 d 1 h");
  });

  it("ends with now, and does not count below", () => {
    expect(said(0.2)).toBe("in 1 s");
    expect(said(0)).toBe("now");
    expect(said(-30)).toBe("now");
  });
});
