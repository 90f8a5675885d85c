import { describe, expect, it } from "vitest";
import type { TriedRequest, TryEffect, TryStep } from "../../../api/queries/tries.ts";
import { promise, spansOf, summary, titleOf } from "./try_words.ts";

const effect = (kind: TryEffect["kind"], more: Partial<TryEffect> = {}): TryEffect => ({
  kind,
  operation: "insert",
  name: kind,
  hook: null,
  remains: true,
  before: null,
  after: null,
  ...more,
});
const step = (kind: TryStep["kind"], more: Partial<TryStep> = {}): TryStep => ({
  kind,
  name: "beforeSignup",
  outcome: "done",
  at: "2026-11-30T12:00:00.000Z",
  offsetUs: 0,
  durationUs: 10,
  logs: [],
  hostCalls: [],
  ...more,
});

describe("what was tried, in words", () => {
  it("counts what remained by its kind", () => {
    const effects = [effect("user"), effect("cache"), effect("cache"), effect("mail", { remains: false })];
    expect(summary(effects)).toBe("1 user and 2 cache entries");
  });

  it("counts a thing once, however often it was changed", () => {
    const effects = [
      effect("user", { after: { id: "usr_1" } }),
      effect("user", { operation: "update", after: { id: "usr_1" } }),
      effect("session", { name: "sessions", after: { id: "ses_1" } }),
      effect("session", { name: "refresh_tokens", after: { id: "rt_1", session_id: "ses_1" } }),
      effect("event", { after: { id: "evt_1" } }),
      effect("event", { after: { id: "evt_2" } }),
    ];
    expect(summary(effects)).toBe("1 user, 1 session, and 2 events");
  });

  it("says whether it happened", () => {
    const of = (mode: TriedRequest["mode"], effects: TryEffect[], status = 201) =>
      promise({ mode, effects, response: { status } } as TriedRequest);
    expect(of("dry-run", [effect("user")])).toBe("Nothing was sent or stored: 1 user simulated.");
    expect(of("dry-run", [])).toBe("Nothing was sent or stored, and nothing would have been.");
    expect(of("live", [])).toBe("This really happened: what the request stores, mails and events are real.");
    expect(of("live", [effect("mail")])).toBe(
      "This really happened: what the request stores, mails and events are real, and its hooks left 1 mail.",
    );
    expect(of("live", [], 403)).toBe("It ran in the environment itself and was refused.");
  });

  it("names an effect by what happened to what", () => {
    expect(titleOf(effect("user"))).toBe("User created");
    expect(titleOf(effect("session", { operation: "delete" }))).toBe("Session deleted");
    expect(titleOf(effect("cache", { operation: "call" }))).toBe("Cache written");
  });

  it("puts hooks below their point, and the point below the request", () => {
    const spans = spansOf([
      step("request", { name: "POST /auth/register", outcome: "403" }),
      step("point", { outcome: "refused" }),
      step("hook", { hook: "signup", version: 0, outcome: "deny" }),
      step("hook", { hook: "limit", version: 3, outcome: "hook_failed" }),
    ]);
    expect(spans.map(({ name, depth, tone }) => [name, depth, tone])).toEqual([
      ["POST /auth/register", 0, "deny"],
      ["beforeSignup", 1, "deny"],
      ["signup, draft", 2, "deny"],
      ["limit v3", 2, "fail"],
    ]);
  });
});
