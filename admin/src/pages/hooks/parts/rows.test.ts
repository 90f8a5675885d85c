import { describe, expect, it } from "vitest";
import type { HookSummary, LiveHook } from "../../../../../docs/openapi.d.ts";
import { matching, rowsOf } from "./rows.ts";

const summary = (name: string, more: Partial<HookSummary> = {}): HookSummary => ({
  name,
  versions: 1,
  newest: 1,
  draft: null,
  live: [],
  ...more,
});
const liveOf = (name: string, hooks: string[], state = "enabled") =>
  ({ name, hooks, events: [], state }) as unknown as LiveHook;

const draft = { revision: 3, base: null, updatedAt: "", updatedBy: "" };
const hooks = [
  summary("signup", { live: [{ environment: "production", number: 2, state: "enabled", deployment: 4 }] }),
  summary("old"),
  summary("new", { newest: null, draft }),
];
const live = [liveOf("signup", ["beforeSignup"]), liveOf("old", ["afterLogin"], "disabled")];
const rows = rowsOf(hooks, live, "development");
const names = (list: { name: string }[]) => list.map((one) => one.name);

describe("hooks of a project in an environment", () => {
  it("have what is live here, and where else they are live", () => {
    expect(rows[0]?.live?.hooks).toEqual(["beforeSignup"]);
    expect(rows[0]?.elsewhere.map((one) => one.environment)).toEqual(["production"]);
    expect(rows[2]?.live).toBeNull();
  });

  it("are filtered by state and by what they run at", () => {
    expect(names(matching(rows, undefined, "live"))).toEqual(["signup"]);
    expect(names(matching(rows, undefined, "disabled"))).toEqual(["old"]);
    expect(names(matching(rows, undefined, "draft"))).toEqual(["new"]);
    expect(names(matching(rows, undefined, "none"))).toEqual(["new"]);
    expect(names(matching(rows, "BEFOREsign", undefined))).toEqual(["signup"]);
  });
});
