import { expect, test } from "vitest";
import { kindInWords, readActor, shortId } from "./actors.ts";

test("who did it", () => {
  expect(readActor("account:acc_1")).toEqual({ kind: "account", id: "acc_1" });
  expect(readActor("server")).toEqual({ kind: "server", id: null });
  expect(readActor("key:shop/production")).toEqual({ kind: "key", id: "shop/production" });
  expect(kindInWords("account")).toBe("an account");
  expect(kindInWords("planet")).toBe("planet");
});

test("of an id, what tells it from another", () => {
  expect(shortId("acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f")).toBe("…4d3e2f");
  expect(shortId("shop/production-of-a-long-name")).toBe("shop/production-of-a-long-name");
  expect(shortId("signup")).toBe("signup");
});
