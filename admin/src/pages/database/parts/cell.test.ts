import { expect, test } from "vitest";
import { plainValue, readCell, sizeOfBase64 } from "./cell.ts";

test.each([
  [null, { kind: "null", text: "NULL" }],
  ["NULL", { kind: "text", text: "NULL" }],
  [1.5, { kind: "number", text: "1.5" }],
  [false, { kind: "boolean", text: "false" }],
  [{ integer: "9007199254740993" }, { kind: "number", text: "9007199254740993" }],
  [{ real: "NaN" }, { kind: "number", text: "NaN" }],
  [{ blob: "AAEC" }, { kind: "bytes", text: "AAEC" }],
  [{ json: { a: null } }, { kind: "json", text: '{"a":null}' }],
  [{ json: null }, { kind: "json", text: "null" }],
])("%j", (value, cell) => expect(readCell(value)).toEqual(cell));

test("what is copied keeps its digits", () => {
  expect([null, 3, true, { integer: "9007199254740993" }, { json: [1] }].map(plainValue)).toEqual([
    null,
    3,
    true,
    "9007199254740993",
    "[1]",
  ]);
});

test.each([
  ["", 0],
  ["AA==", 1],
  ["AAE=", 2],
  ["AAEC", 3],
])("%s has %i bytes", (text, size) => expect(sizeOfBase64(text)).toBe(size));
