import { describe, expect, it } from "vitest";
import { groupsOf, isCovered, selected, toggled } from "./event_types.ts";

const TYPES = ["auth.signup", "auth.login", "auth.login.failed", "auth.mfa.enrolled", "auth.mfa.removed"];

describe("event types of a webhook endpoint", () => {
  it("are selected by name, by group, or all", () => {
    expect(selected(["auth.mfa.*"], TYPES)).toEqual(["auth.mfa.enrolled", "auth.mfa.removed"]);
    expect(selected(["auth.login"], TYPES)).toEqual(["auth.login"]);
    expect(selected(["auth.login.*", "auth.signup"], TYPES)).toEqual(["auth.signup", "auth.login.failed"]);
    expect(selected(["*"], TYPES)).toEqual(TYPES);
  });

  it("are grouped by their first two words", () => {
    const { groups, alone } = groupsOf(TYPES);
    expect(alone).toEqual(["auth.signup", "auth.login", "auth.login.failed"]);
    expect(groups.map((group) => group.pattern)).toEqual(["auth.mfa.*"]);
  });

  it("lose what a wider choice contains", () => {
    expect(toggled(["auth.mfa.enrolled", "auth.login"], "auth.mfa.*")).toEqual(["auth.login", "auth.mfa.*"]);
    expect(toggled(["auth.mfa.*", "auth.login"], "*")).toEqual(["*"]);
    expect(toggled(["auth.mfa.*"], "auth.mfa.*")).toEqual([]);
    expect(toggled(["*"], "auth.login")).toEqual(["auth.login"]);
  });

  it("say when a choice would change nothing", () => {
    expect(isCovered(["auth.mfa.*"], "auth.mfa.removed")).toBe(true);
    expect(isCovered(["auth.mfa.removed"], "auth.mfa.removed")).toBe(false);
  });
});
