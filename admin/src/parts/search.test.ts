// @vitest-environment node
import { describe, expect, it } from "vitest";
import { flag, formatSearch, moment, oneOf, parseSearch, searchOf, someOf, text, whole } from "./search.ts";

const read = searchOf({
  q: text,
  page: whole,
  live: flag,
  from: moment,
  state: oneOf("dead", "done"),
  kinds: someOf("a", "b"),
});

describe("the parameters of an address", () => {
  it("are read as what they are", () => {
    const search = parseSearch("?q=ada&page=3&live=1&from=2026-03-01T12:00:00%2B01:00&state=dead&kinds=b,a");
    expect(read(search)).toEqual({
      q: "ada",
      page: 3,
      live: true,
      from: "2026-03-01T11:00:00.000Z",
      state: "dead",
      kinds: ["a", "b"],
    });
  });

  it("that make no sense are dropped", () => {
    expect(read(parseSearch("?q=&page=-1&live=no&from=soon&state=asleep&kinds=c&other=1"))).toEqual({});
  });

  it("are written so that a person can read them, and read again as they were", () => {
    const search = {
      q: "12",
      from: "2026-03-01T11:00:00.000Z",
      live: true as const,
      kinds: ["a", "b"],
      gone: undefined,
    };
    const written = formatSearch(search);
    expect(written).toBe("?q=12&from=2026-03-01T11:00:00.000Z&live=1&kinds=a,b");
    expect(read(parseSearch(written))).toEqual({ q: "12", from: search.from, live: true, kinds: ["a", "b"] });
    expect(formatSearch({})).toBe("");
  });

  it("keep every character", () => {
    const q = "a&b=c#d?e+f %g 'h' \"i\" ä€";
    expect(read(parseSearch(formatSearch({ q }))).q).toBe(q);
  });
});
