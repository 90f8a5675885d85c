import { expect, test } from "vitest";
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { missing } from "./missing.ts";

const hook = (name: string, capabilities: string[]) => ({ name, capabilities }) as unknown as LiveHook;
const HOOKS = [
  hook("crm", ["http:crm.example", "secrets:crm_token", "secrets:crm_key"]),
  hook("risk", ["secrets:crm_token", "cache"]),
];

test("what is declared and not set is missing, with all hooks that declare it", () => {
  expect(missing(HOOKS, [])).toEqual([
    { name: "crm_key", hooks: ["crm"] },
    { name: "crm_token", hooks: ["crm", "risk"] },
  ]);
  expect(missing(HOOKS, ["crm_token"])).toEqual([{ name: "crm_key", hooks: ["crm"] }]);
  expect(missing(HOOKS, ["crm_token", "crm_key"])).toEqual([]);
});
