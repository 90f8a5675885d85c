import { expect, test } from "vitest";
import { flatten, unflatten } from "./flat.ts";

test("settings are flat in a form and nested in a request", () => {
  const nested = { appName: null, password: { minChars: 8, refuseCommon: true }, redirectUrls: ["https://a.example"] };
  const flat = {
    appName: null,
    "password.minChars": 8,
    "password.refuseCommon": true,
    redirectUrls: ["https://a.example"],
  };
  expect(flatten(nested)).toEqual(flat);
  expect(unflatten(flat)).toEqual(nested);
});

test("two levels keep their members apart", () => {
  const nested = { a: { b: { c: 1 }, d: 2 }, e: 3 };
  expect(unflatten(flatten(nested))).toEqual(nested);
});
