import { describe, expect, it } from "vitest";
import { gist } from "./gist.ts";

const log = (message: string) => ({ level: "info", message }) as const;

describe("what an invocation says in one line", () => {
  it("is its error with the place, if it has one", () => {
    const error = { name: "TypeError", message: "no plan", file: "hooks/a.ts", line: 6, column: 11 };
    expect(gist({ error, logs: [log("x")] })).toBe("TypeError: no plan at hooks/a.ts:6:11");
    expect(gist({ error: { name: "HookTimeout", message: "too slow" }, logs: [] })).toBe("HookTimeout: too slow");
  });

  it("is its last log line otherwise, in one line", () => {
    expect(gist({ logs: [log("one"), log("two\n  three")] })).toBe("two three");
    expect(gist({ logs: [] })).toBe("");
    expect(gist({ logs: [log("x".repeat(500))] })).toHaveLength(200);
  });
});
