import { describe, expect, it } from "vitest";
import { proposal } from "./examples.ts";
import { editedSince, NO_TICKS, readinessOf, type Ticks } from "./readiness.ts";

const draft = [
  { path: "hooks/signup.ts", text: "old" },
  { path: "lib/other.ts", text: "x" },
];
const ticked = (...capabilities: string[]): Ticks => ({ ...NO_TICKS, capabilities: new Set(capabilities) });
const wide = {
  added: ["http:api.example.com", "db"],
  removed: [],
  words: ["may ask api.example.com", "may use tables"],
};

describe("what stands between a proposal and the draft", () => {
  it("is nothing if it is verified, widens nothing and nobody edited its files", () => {
    expect(readinessOf(proposal(), draft, NO_TICKS, undefined)).toEqual({ kind: "ready" });
  });

  it("is that the draft has it already, before anything else", () => {
    const done = proposal({ appliedAt: "2026-11-30T12:00:00.000Z", appliedRevision: 42, verified: false });
    expect(readinessOf(done, [], NO_TICKS, "no")).toEqual({ kind: "applied", revision: 42 });
  });

  it("is a right that is missing", () => {
    expect(readinessOf(proposal(), draft, NO_TICKS, "needs developer")).toEqual({
      kind: "forbidden",
      why: "needs developer",
    });
  });

  it("is every capability that is not ticked yet", () => {
    const widens = proposal({ capabilities: wide });
    expect(readinessOf(widens, draft, NO_TICKS, undefined)).toEqual({ kind: "widens", left: 2 });
    expect(readinessOf(widens, draft, ticked("db"), undefined)).toEqual({ kind: "widens", left: 1 });
    expect(readinessOf(widens, draft, ticked("db", "http:api.example.com"), undefined)).toEqual({ kind: "ready" });
    expect(readinessOf(widens, draft, ticked("cache", "mail"), undefined)).toEqual({ kind: "widens", left: 2 });
  });

  it("is what is red, once all is ticked", () => {
    const red = proposal({ verified: false, problems: ["2 of 6 test cases fail"], capabilities: wide });
    expect(readinessOf(red, draft, NO_TICKS, undefined).kind).toBe("widens");
    expect(readinessOf(red, draft, ticked("db", "http:api.example.com"), undefined)).toEqual({
      kind: "unverified",
      problems: ["2 of 6 test cases fail"],
    });
  });

  it("is a file that was edited after the question, unless its edits are to be replaced", () => {
    const edited = [{ path: "hooks/signup.ts", text: "mine" }];
    expect(readinessOf(proposal(), edited, NO_TICKS, undefined)).toEqual({
      kind: "overtaken",
      files: ["hooks/signup.ts"],
    });
    expect(readinessOf(proposal(), edited, { ...NO_TICKS, replacesEdits: true }, undefined)).toEqual({ kind: "ready" });
  });
});

describe("files that were edited since", () => {
  it("are those that the model saw otherwise, new and deleted ones as well", () => {
    const { files } = proposal({
      files: [
        { path: "hooks/signup.ts", before: "old", after: null },
        { path: "lib/new.ts", before: null, after: "new" },
      ],
    });
    expect(editedSince(proposal({ files }), draft)).toEqual([]);
    expect(editedSince(proposal({ files }), [{ path: "lib/new.ts", text: "mine" }])).toEqual([
      "hooks/signup.ts",
      "lib/new.ts",
    ]);
  });

  it("are not files that it does not write", () => {
    const other = draft.map((file) => (file.path === "lib/other.ts" ? { ...file, text: "edited" } : file));
    expect(editedSince(proposal(), other)).toEqual([]);
  });
});
