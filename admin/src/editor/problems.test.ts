import { describe, expect, it } from "vitest";
import { countOf, merged, type Problem, withoutDoubles } from "./problems.ts";

function problem(over: Partial<Problem>): Problem {
  return {
    file: "hooks/a.ts",
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    severity: "error",
    code: "syntax",
    message: "wrong",
    hint: null,
    source: "aerocall",
    ...over,
  };
}

const typescript = (code: number, over: Partial<Problem> = {}) =>
  problem({ source: "typescript", code: String(code), ...over });

describe("problems of two checkers", () => {
  it("are said once if both say the same of a line", () => {
    const ours = [problem({ code: "missing-import", line: 2, hint: "did you mean './util'?" })];
    const theirs = [typescript(2307, { line: 2 }), typescript(2339, { line: 5 })];
    expect(merged(ours, theirs).map((one) => [one.source, one.line])).toEqual([
      ["aerocall", 2],
      ["typescript", 5],
    ]);
  });

  it("are said once if the server checks types as the browser does", () => {
    const ours = [problem({ code: "TS2322", line: 2, severity: "warning" })];
    expect(withoutDoubles(ours, [typescript(2322, { line: 2 })])).toEqual([]);
    expect(withoutDoubles(ours, [typescript(2345, { line: 2 })])).toHaveLength(1);
  });

  it("are two if the lines, the files or the mistakes differ", () => {
    const ours = [problem({ code: "missing-import", line: 2 })];
    expect(withoutDoubles(ours, [typescript(2307, { line: 3 })])).toHaveLength(1);
    expect(withoutDoubles(ours, [typescript(2307, { line: 2, file: "lib/b.ts" })])).toHaveLength(1);
    expect(withoutDoubles(ours, [typescript(2339, { line: 2 })])).toHaveLength(1);
  });

  it("are listed with errors first, then by place", () => {
    const list = [
      problem({ severity: "warning", line: 1 }),
      problem({ line: 9 }),
      problem({ line: 3, column: 5 }),
      problem({ line: 3, column: 2 }),
    ];
    expect(merged(list, []).map((one) => [one.severity, one.line, one.column])).toEqual([
      ["error", 3, 2],
      ["error", 3, 5],
      ["error", 9, 1],
      ["warning", 1, 1],
    ]);
  });

  it("are counted in words", () => {
    expect(countOf([])).toBe("No problems");
    expect(countOf([problem({}), problem({}), problem({ severity: "warning" })])).toBe("2 errors, 1 warning");
  });
});
