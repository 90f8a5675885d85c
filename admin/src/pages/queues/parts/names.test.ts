import { describe, expect, it } from "vitest";
import { readName } from "./names.ts";

describe("the name of a queue", () => {
  it("says what its jobs are, and for which hook", () => {
    expect(readName("greet")).toEqual({ kind: "messages", title: "greet", hook: null });
    expect(readName("auth.signup/crm-sync")).toEqual({ kind: "event", title: "auth.signup", hook: "crm-sync" });
    expect(readName("cron.cleanup/nightly")).toEqual({ kind: "schedule", title: "cleanup", hook: "nightly" });
    expect(readName("reports.daily")).toEqual({ kind: "messages", title: "reports.daily", hook: null });
  });
});
