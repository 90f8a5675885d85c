import { describe, expect, it } from "vitest";
import { gist } from "./gist.ts";

const log = (message: string) => ({ level: "info", message }) as const;

describe("what an invocation says in one line", () => {
  it("is its error with the place, if it has one", () => {
    const error = { name: "TypeError", message: "no plan", file: "hooks/a.ts", line: 6, column: 11 };
    expect(gist({ error, denial: null, logs: [log("x")] })).toBe("TypeError: no plan at hooks/a.ts:6:11");
    expect(gist({ error: { name: "HookTimeout", message: "too slow" }, denial: null, logs: [] })).toBe(
      "HookTimeout: too slow",
    );
  });

  it("is what the client was told, if it denied", () => {
    const denial = { code: "free_mail", message: "Please use your work address", status: 403 };
    expect(gist({ denial, logs: [log("x")] })).toBe("free_mail: Please use your work address");
  });

  it("is its last log line otherwise, in one line", () => {
    expect(gist({ denial: null, logs: [log("one"), log("two\n  three")] })).toBe("two three");
    expect(gist({ denial: null, logs: [] })).toBe("");
    expect(gist({ denial: null, logs: [log("x".repeat(500))] })).toHaveLength(200);
  });
});
