import { describe, expect, it } from "vitest";
import { caseName } from "./case_name.ts";

const of = (reply: Parameters<typeof caseName>[0]["reply"]) =>
  caseName({ id: "inv_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", point: "beforeSignup", reply });

describe("the name of a test case", () => {
  it("says what came of the invocation", () => {
    expect(of({ kind: "deny", code: "free_mail", message: "no", status: 403 })).toBe(
      "denies-free_mail-at-beforeSignup-3e2f",
    );
    expect(of({ kind: "patch", patch: { user: {} } })).toBe("patches-user-at-beforeSignup-3e2f");
    expect(of({ kind: "allow" })).toBe("allows-at-beforeSignup-3e2f");
  });

  it("fits what the server takes", () => {
    expect(of({ kind: "deny", code: "x".repeat(90), message: "", status: 400 })).toMatch(
      /^[A-Za-z0-9][\w-]{0,58}-3e2f$/,
    );
    expect(of({ kind: "patch", patch: { user: {}, "a.b, c": 1 } })).toBe("patches-user-a-b-c-at-beforeSignup-3e2f");
  });
});
