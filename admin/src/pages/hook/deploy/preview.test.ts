import { describe, expect, it } from "vitest";
import type { HookCheck, LiveHook, Manifest } from "../../../../../docs/openapi.d.ts";
import { canForce, failedGates, previewOf } from "./preview.ts";

const manifest: Manifest = {
  format: 1,
  name: "signup",
  contract: "0.1.0",
  hooks: ["beforeLogin", "beforeSignup"],
  events: [],
  capabilities: ["cache", "secrets:crm"],
  sourceDigest: "sha256:1",
};

const live = {
  name: "signup",
  number: 3,
  digest: "sha256:3",
  state: "enabled",
  hooks: ["beforeSignup"],
  events: ["auth.login"],
  capabilities: ["cache", "db"],
} as unknown as LiveHook;

const check = (over: Partial<HookCheck> = {}): HookCheck => ({
  diagnostics: [],
  manifest,
  sizeBytes: 100,
  types: { status: "not_checked", reason: "no compiler" },
  ...over,
});

const known = {
  draft: { hook: "signup", base: { number: 3, digest: "sha256:3" } },
  check: check(),
  live,
  deployment: 7,
  line: { state: "enabled" as const, failurePolicy: null },
  cases: 2,
};

const states = (gates: { name: string; state: string }[]) =>
  Object.fromEntries(gates.map((gate) => [gate.name, gate.state]));

describe("the preview of a draft's deployment", () => {
  it("says what changes compared with what is live", () => {
    const plan = previewOf(known);
    expect(plan.expect).toBe(7);
    expect(plan.capabilities).toEqual({ added: ["secrets:crm"], removed: ["db"] });
    expect(plan.changes[0]?.points).toEqual({ added: ["beforeLogin"], removed: ["auth.login"] });
    expect(states(plan.gates)).toEqual({
      build: "passed",
      base: "passed",
      types: "not_checked",
      capabilities: "warning",
      cases: "not_checked",
    });
  });

  it("is refused if the draft cannot be compiled, and that cannot be forced", () => {
    const diagnostics: HookCheck["diagnostics"] = [
      {
        file: "a.ts",
        line: 2,
        column: 1,
        endLine: 2,
        endColumn: 2,
        code: "syntax",
        severity: "error",
        message: "no",
        hint: null,
      },
    ];
    const plan = previewOf({ ...known, check: check({ manifest: null, sizeBytes: null, diagnostics }) });
    expect(failedGates(plan.gates)).toEqual([{ name: "build", state: "failed", detail: "a.ts:2: no" }]);
    expect(canForce(plan.gates)).toBe(false);
    expect(plan.capabilities).toEqual({ added: [], removed: [] });
  });

  it("is refused if somebody else's version went live in the meantime, unless it is forced", () => {
    const plan = previewOf({ ...known, draft: { hook: "signup", base: { number: 2, digest: "" } } });
    expect(failedGates(plan.gates).map((gate) => gate.name)).toEqual(["base"]);
    expect(canForce(plan.gates)).toBe(true);
  });

  it("adds the hook where it is not live", () => {
    const plan = previewOf({ ...known, live: null, draft: { hook: "signup", base: null } });
    expect(plan.changes[0]).toMatchObject({
      change: "added",
      before: null,
      capabilities: { added: ["cache", "secrets:crm"] },
    });
  });
});
