import { expect, test } from "vitest";
import { includedBy, scopesInWords, shortest } from "./scopes.ts";

test("what another permission brings along is not said twice", () => {
  expect(shortest(["hooks:deploy", "hooks:read", "project:read"])).toEqual(["hooks:deploy"]);
  expect(shortest(["project:read"])).toEqual(["project:read"]);
  expect(includedBy("data:read", ["data:write"])).toBe("data:write");
  expect(includedBy("data:write", ["data:read"])).toBeUndefined();
});

test("a token without limits may do everything in its place", () => {
  expect(scopesInWords(["project:read", "project:manage", "data:read"], false)).toBe("everything");
  expect(scopesInWords(["project:read", "project:manage"], true)).toBe("project:manage");
  expect(scopesInWords(["hooks:read", "hooks:deploy"], false)).toBe("hooks:deploy");
});
