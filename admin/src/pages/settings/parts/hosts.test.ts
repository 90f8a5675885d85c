import { expect, test } from "vitest";
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { declaredHosts, reachOf } from "./hosts.ts";

test.each([
  ["api.example.com", [], "all"],
  ["api.example.com", ["api.example.com"], "all"],
  ["api.example.com", ["*.example.com"], "all"],
  ["example.com", ["*.example.com"], "none"],
  ["badexample.com", ["*.example.com"], "none"],
  ["*.example.com", ["api.example.com"], "some"],
  ["*.eu.example.com", ["*.example.com"], "all"],
  ["*.example.com", ["*.eu.example.com"], "some"],
  ["*", ["api.example.com"], "some"],
  ["api.example.com:8443", ["api.example.com"], "none"],
  ["other.example", ["*"], "all"],
] as const)("of %s, %j allows %s", (declared, allowed, reach) => expect(reachOf(declared, allowed)).toBe(reach));

test("hosts are listed once, with the hooks that declare them", () => {
  const hooks = [
    { name: "crm", capabilities: ["http:crm.example", "cache"] },
    { name: "risk", capabilities: ["http:crm.example", "http:api.example"] },
  ] as unknown as LiveHook[];
  expect(declaredHosts(hooks, ["crm.example"])).toEqual([
    { host: "api.example", hooks: ["risk"], reach: "none" },
    { host: "crm.example", hooks: ["crm", "risk"], reach: "all" },
  ]);
});
