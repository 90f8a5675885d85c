import { describe, expect, it } from "vitest";
import { fromCondition, problemOf, saidOf, toCondition } from "./conditions.ts";

describe("conditions of a webhook endpoint", () => {
  it("become what the server has, and are read again as they were typed", () => {
    for (const typed of [
      { path: "/data/user/email", test: "endsWith", value: "@example.com" },
      { path: "/data/delivery", test: "equals", value: "webhook" },
      { path: "/data/reason", test: "in", value: "password, mfa" },
      { path: "/subject", test: "exists", value: "no" },
      { path: "/data/user/name", test: "startsWith", value: "Dr" },
    ] as const) {
      expect(fromCondition(toCondition(typed))).toEqual(typed);
    }
  });

  it("take numbers and booleans for what they are, unless they are in quotes", () => {
    const equals = (value: string) => toCondition({ path: "/version", test: "equals", value });
    expect(equals("1")).toEqual({ path: "/version", equals: 1 });
    expect(equals("true")).toEqual({ path: "/version", equals: true });
    expect(equals('"1"')).toEqual({ path: "/version", equals: "1" });
    expect(fromCondition({ path: "/version", equals: "1" }).value).toBe('"1"');
  });

  it("are said in words", () => {
    expect(saidOf({ path: "/data/user/email", endsWith: "@example.com" })).toBe(
      "/data/user/email ends with @example.com",
    );
    expect(saidOf({ path: "/subject", exists: false })).toBe("/subject is not there");
  });

  it("name what is missing", () => {
    expect(problemOf({ path: "data", test: "equals", value: "x" })).toContain("begins with /");
    expect(problemOf({ path: "/data", test: "equals", value: "" })).toBeDefined();
    expect(problemOf({ path: "/data", test: "exists", value: "" })).toBeUndefined();
  });
});
