import { describe, expect, it } from "vitest";
import { proposal } from "./examples.ts";
import { readinessOf } from "./readiness.ts";

const draft = { revision: 41, isEdited: false };
const none = new Set<string>();
const wide = {
  added: ["http:api.example.com", "db"],
  removed: [],
  words: ["may ask api.example.com", "may use tables"],
};
const all = new Set(wide.added);

describe("what stands between a proposal and the draft", () => {
  it("is nothing if it is verified, widens nothing and nobody edited the draft", () => {
    expect(readinessOf(proposal(), draft, none, undefined)).toEqual({ kind: "ready" });
  });

  it("is that the draft has it already, before anything else", () => {
    const done = proposal({ appliedAt: "2026-11-30T12:00:00.000Z", appliedRevision: 42, verified: false });
    expect(readinessOf(done, { revision: 43, isEdited: true }, none, "no")).toEqual({ kind: "applied", revision: 42 });
  });

  it("is a right that is missing", () => {
    expect(readinessOf(proposal(), draft, none, "needs developer")).toEqual({
      kind: "forbidden",
      why: "needs developer",
    });
  });

  it("is that the draft was edited after the question, saved or not", () => {
    const overtaken = { kind: "overtaken", from: 41 };
    expect(readinessOf(proposal(), { revision: 42, isEdited: false }, none, undefined)).toEqual(overtaken);
    expect(readinessOf(proposal(), { revision: 41, isEdited: true }, none, undefined)).toEqual(overtaken);
    expect(readinessOf(proposal({ revision: null }), draft, none, undefined).kind).toBe("overtaken");
  });

  it("is every capability that is not ticked yet", () => {
    const widens = proposal({ capabilities: wide });
    expect(readinessOf(widens, draft, none, undefined)).toEqual({ kind: "widens", left: 2 });
    expect(readinessOf(widens, draft, new Set(["db"]), undefined)).toEqual({ kind: "widens", left: 1 });
    expect(readinessOf(widens, draft, all, undefined)).toEqual({ kind: "ready" });
    expect(readinessOf(widens, draft, new Set(["cache", "mail"]), undefined)).toEqual({ kind: "widens", left: 2 });
  });

  it("is what is red, once all is ticked", () => {
    const red = proposal({ verified: false, problems: ["2 of 6 test cases fail"], capabilities: wide });
    expect(readinessOf(red, draft, none, undefined).kind).toBe("widens");
    expect(readinessOf(red, draft, all, undefined)).toEqual({
      kind: "unverified",
      problems: ["2 of 6 test cases fail"],
    });
  });
});
