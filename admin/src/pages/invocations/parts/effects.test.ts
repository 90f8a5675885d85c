import { describe, expect, it } from "vitest";
import { effectsOf, errorOf } from "./effects.ts";

const call = (name: string, answer: unknown = null, args: unknown = {}) => ({
  name,
  arguments: args,
  answer,
  durationUs: 1,
});

describe("effects of an invocation", () => {
  const calls = [
    call("cache.get"),
    call("cache.increment", 3),
    call("auth.sendEmail", { id: "mail_1" }),
    call("cache.delete", false),
    call("db.execute", { error: { code: "denied", message: "no" } }),
  ];

  it("are the calls that changed something, with their place among all calls", () => {
    const effects = effectsOf(calls, "allow");
    expect(effects.map(({ kind, call, remains }) => [kind, call, remains])).toEqual([
      ["cache", 2, true],
      ["mail", 3, true],
    ]);
  });

  it("are dropped by a denial and by a failure, except what took effect at once", () => {
    for (const outcome of ["deny", "hook_failed", "hook_timeout"]) {
      expect(effectsOf(calls, outcome).map(({ kind, remains }) => [kind, remains])).toEqual([
        ["cache", true],
        ["mail", false],
      ]);
    }
  });

  it("count a request only if it can change something and was answered", () => {
    const send = (method: string, answer: unknown) =>
      effectsOf([call("http.send", [answer], [{ method }])], "deny").length;
    expect(send("POST", { status: 204 })).toBe(1);
    expect(send("GET", { status: 200 })).toBe(0);
    expect(send("POST", { error: { code: "timeout" } })).toBe(0);
  });

  it("name the error that a call was answered with", () => {
    expect(errorOf(call("db.query", { error: { code: "timeout", message: "too slow" } }))).toEqual({
      code: "timeout",
      message: "too slow",
    });
    expect(errorOf(call("http.send", [{ status: 200 }, { error: { code: "denied" } }]))?.code).toBe("denied");
    expect(errorOf(call("cache.get", null))).toBeUndefined();
  });
});
