import { expect, test } from "vitest";
import { actionInWords, readData } from "./entry.ts";

test("an action that this page does not know is shown by its name", () => {
  expect(actionInWords("user.banned")).toBe("User banned");
  expect(actionInWords("planet.moved")).toBe("planet.moved");
});

test("members that differ are rows, also below others", () => {
  const data = {
    before: { mfa: "optional", password: { minChars: 8, refuseCommon: true } },
    after: { mfa: "required", password: { minChars: 12, refuseCommon: true } },
    by: "form",
  };
  expect(readData(data)).toEqual({
    changes: [
      { name: "mfa", before: "optional", after: "required" },
      { name: "password.minChars", before: 8, after: 12 },
    ],
    rest: { by: "form" },
  });
});

test("what was not there before has an after alone", () => {
  expect(readData({ before: null, after: { hosts: ["a.example"] } }).changes).toEqual([
    { name: "hosts", after: ["a.example"] },
  ]);
  expect(readData({ before: false, after: true }).changes).toEqual([{ name: "value", before: false, after: true }]);
});

test("a new name is from and to; anything else is said as it is", () => {
  expect(readData({ from: "Shop", to: "Store" }).changes).toEqual([{ name: "name", before: "Shop", after: "Store" }]);
  expect(readData({ until: null, reason: "spam" })).toEqual({ changes: [], rest: { until: null, reason: "spam" } });
});
