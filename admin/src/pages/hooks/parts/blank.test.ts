import { describe, expect, it } from "vitest";
import { blankSource, nameFor } from "./blank.ts";

describe("a hook that does nothing yet", () => {
  it("is named after what it is for", () => {
    expect(nameFor("beforeSignup")).toBe("before-signup");
    expect(nameFor("afterPasswordResetRequest")).toBe("after-password-reset-request");
    expect(nameFor("auth.mfa.enrolled")).toBe("on-mfa-enrolled");
    expect(nameFor("queue.greet")).toBe("on-greet");
    expect(nameFor("cron.cleanup")).toBe("on-cleanup");
  });

  it("exports the hook point with its type", () => {
    const source = blankSource("beforeLogin");
    expect(source).toContain('import type { BeforeLogin } from "@aerocall/hooks";');
    expect(source).toContain("export const beforeLogin: BeforeLogin = async (context, payload, { log }) => {");
    expect(source).toContain("`{ deny }`");
    expect(blankSource("afterLogin")).not.toContain("`{ deny }`");
  });

  it("handles an event, a queue or a schedule under its name", () => {
    expect(blankSource("auth.login")).toContain('"auth.login": async (context, event, { log })');
    expect(blankSource("cron.cleanup")).toContain('schedules: { "cleanup": "0 3 * * *" }');
    expect(blankSource("queue.greet")).not.toContain("schedules");
  });
});
