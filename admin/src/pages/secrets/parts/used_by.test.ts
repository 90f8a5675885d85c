import { expect, test } from "vitest";
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { missing, usedBy } from "./used_by.ts";

const hook = (name: string, capabilities: string[]) => ({ name, capabilities }) as unknown as LiveHook;
const HOOKS = [
  hook("crm", ["http:crm.example", "secrets:crm_token", "secrets:crm_key"]),
  hook("risk", ["secrets:crm_token", "cache"]),
];

test("a secret is used by the hooks that declare it, not by those that declare one like it", () => {
  expect(usedBy(HOOKS, "crm_token")).toEqual(["crm", "risk"]);
  expect(usedBy(HOOKS, "crm")).toEqual([]);
});

test("what is declared and not set is missing", () => {
  expect(missing(HOOKS, ["crm_token"])).toEqual([{ name: "crm_key", hooks: ["crm"] }]);
  expect(missing(HOOKS, ["crm_token", "crm_key"])).toEqual([]);
});
