import { describe, expect, it } from "vitest";
import { differences } from "./differences.ts";

describe("differences of two values", () => {
  it("are none where they are the same, in whatever order the names are", () => {
    expect(differences({ a: 1, b: [null, "x"] }, { b: [null, "x"], a: 1 }).list).toEqual([]);
  });

  it("are named by their path, with both sides", () => {
    const left = { user: { email: "a@x.example", roles: ["a"] }, old: 1 };
    const right = { user: { email: "b@x.example", roles: ["a", "b"] }, "new name": 2 };
    expect(differences(left, right).list).toEqual([
      { path: "user.email", left: "a@x.example", right: "b@x.example", kind: "changed" },
      { path: "user.roles[1]", left: undefined, right: "b", kind: "added" },
      { path: "old", left: 1, right: undefined, kind: "removed" },
      { path: '["new name"]', left: undefined, right: 2, kind: "added" },
    ]);
  });

  it("are whole values where one side is of another kind", () => {
    expect(differences([1], { 0: 1 }).list).toEqual([{ path: "", left: [1], right: { 0: 1 }, kind: "changed" }]);
    expect(differences(null, {}).list).toHaveLength(1);
  });

  it("are cut where there are too many to read", () => {
    const many = differences(Array(500).fill(1), Array(500).fill(2));
    expect(many.isCut).toBe(true);
    expect(many.list).toHaveLength(200);
  });
});
