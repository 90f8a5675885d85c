import { expect, it } from "vitest";
import type { Problem } from "../editor/problems.ts";
import { attachedWords, linesOf, withProblems } from "./use_ask.ts";

const problem = (source: Problem["source"], line: number): Problem => ({
  file: "hooks/signup.ts",
  line,
  column: 3,
  endLine: line,
  endColumn: 9,
  severity: "error",
  code: source === "typescript" ? "2322" : "missing-global",
  message: "wrong",
  hint: null,
  source,
});

it("says in words what goes with a question", () => {
  const surroundings = {
    points: [],
    point: null,
    selection: { file: "hooks/signup.ts", startLine: 3, endLine: 9 },
    problems: [problem("aerocall", 1)],
  };
  const all = {
    task: "change",
    point: null,
    hasSelection: true,
    hasProblems: true,
    case: "free",
    invocation: "i",
  } as const;
  expect(attachedWords(all, surroundings)).toEqual([
    "lines 3 to 9 of signup.ts",
    "1 problem",
    "case free",
    "an invocation, redacted",
  ]);
  const none = { ...all, hasSelection: false, hasProblems: false, case: null, invocation: null };
  expect(attachedWords(none, surroundings)).toEqual([]);
  expect(attachedWords(all, { ...surroundings, selection: null, problems: [] })).toEqual([
    "case free",
    "an invocation, redacted",
  ]);
});

it("names a single line as one", () => {
  expect(linesOf({ file: "signup.ts", startLine: 3, endLine: 3 })).toBe("line 3 of signup.ts");
});

it("adds to a question what only the browser knows, once, and not without end", () => {
  expect(withProblems("why", [problem("aerocall", 1)])).toBe("why");
  const asked = withProblems("why", [problem("aerocall", 1), problem("typescript", 2)]);
  expect(asked).toBe("why\n\nThe type checker says:\n- hooks/signup.ts:2:3 TS2322: wrong");
  expect(withProblems(asked, [problem("typescript", 2)])).toBe(asked);
  const many = withProblems(
    "why",
    Array.from({ length: 50 }, (_, line) => problem("typescript", line + 1)),
  );
  expect(many.split("\n")).toHaveLength(13);
});
