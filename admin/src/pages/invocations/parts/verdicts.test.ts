import { describe, expect, it } from "vitest";
import { divergence } from "./verdicts.ts";

describe("where a replay diverged", () => {
  const found = { name: "db.query", arguments: { sql: "SELECT 1" } };

  it("is said with both questions", () => {
    const expected = { name: "cache.get", arguments: ["k"] };
    expect(divergence({ call: 2, expected, found }, "signup")).toBe(
      "At host call 2, signup asked db.query (SELECT 1) where the record has cache.get (k).",
    );
  });

  it("is said where the record had no more calls", () => {
    expect(divergence({ call: 3, expected: null, found }, "signup")).toBe(
      "At host call 3, signup asked db.query (SELECT 1); the record ends before that.",
    );
  });
});
