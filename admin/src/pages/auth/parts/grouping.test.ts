import { describe, expect, it } from "vitest";
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { grouped, matching, operationOf } from "./grouping.ts";

const figures = { calls: 0, denials: 0, failures: 0, p95Us: null, last: null };
const hook = {
  name: "no-free-mail",
  version: 3,
  status: "enabled",
  rollout: null,
  figures,
  failurePolicy: "closed",
} as const;

function endpoint(method: string, path: string, more: Partial<EndpointWithHooks> = {}): EndpointWithHooks {
  return { method, path, summary: `${method} ${path}`, hooks: [], events: [], figures, ...more } as EndpointWithHooks;
}

const register = endpoint("POST", "/auth/register", {
  summary: "Sign up with a password",
  hooks: [
    { point: "beforeSignup", status: "enabled", figures, hooks: [hook] },
    { point: "afterSignup", status: "none", figures, hooks: [] },
  ],
  events: [{ name: "auth.signup", status: "none", figures, hooks: [], webhooks: [] }],
});
const sessions = endpoint("DELETE", "/auth/sessions/{id}");

describe("endpoints of the auth API", () => {
  it("are grouped by the part of the path after /auth, in the order of the page", () => {
    const groups = grouped([sessions, endpoint("POST", "/auth/new-thing"), register]);
    expect(groups.map((group) => group.title)).toEqual(["Sign-up and login", "Account and sessions", "Others"]);
  });

  it("have the names that the API reference gives them", () => {
    expect(operationOf(register)).toBe("post-auth-register");
    expect(operationOf(sessions)).toBe("delete-auth-sessions-id");
    expect(operationOf(endpoint("POST", "/auth/oauth/{provider}/link"))).toBe("post-auth-oauth-provider-link");
    expect(operationOf(endpoint("POST", "/auth/magic-link/send"))).toBe("post-auth-magic-link-send");
  });

  it("are those that failed within a day", () => {
    const failing = endpoint("POST", "/auth/login", { figures: { ...figures, calls: 9, failures: 1 } });
    expect(matching([register, failing], undefined, "failing")).toEqual([failing]);
  });

  it("are found by words of the summary, the path, a hook point, an event and a hook", () => {
    for (const text of ["sign password", "/auth/reg", "BEFORESIGNUP", "auth.signup", "free-mail"]) {
      expect(matching([register, sessions], text, undefined)).toEqual([register]);
    }
    expect(matching([register, sessions], "  ", undefined)).toHaveLength(2);
    expect(matching([register, sessions], undefined, "hooks")).toEqual([register]);
  });
});
