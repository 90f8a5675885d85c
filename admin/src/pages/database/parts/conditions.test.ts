import { expect, test } from "vitest";
import { conditionInWords, makeCondition, readConditions, writeConditions } from "./conditions.ts";

test("an address says what it said, and nothing else", () => {
  const conditions = [
    { column: "state", eq: "paid" },
    { column: "note", eq: null },
    { column: "name", prefix: "A" },
  ];
  expect(readConditions(writeConditions(conditions))).toEqual(conditions);
  expect(readConditions(undefined)).toEqual([]);
  expect(readConditions("[{")).toEqual([]);
  expect(readConditions('[{"column":1,"eq":2},{"column":"a"},{"column":"a","eq":{}}]')).toEqual([]);
  expect(writeConditions([])).toBeUndefined();
});

test.each([
  ["12", "INTEGER", 12],
  ["9007199254740993", "BIGINT", "9007199254740993"],
  ["12", "TEXT", "12"],
  ["x", "integer", "x"],
  ["TRUE", "boolean", true],
  ["", "INTEGER", ""],
])("%j of a column of %s is %j", (typed, type, eq) =>
  expect(makeCondition("c", "eq", typed, type)).toEqual({ column: "c", eq }),
);

test("in words", () => {
  expect(conditionInWords({ column: "a", eq: null })).toBe("a is NULL");
  expect(conditionInWords(makeCondition("a", "prefix", "x", "TEXT"))).toBe("a begins with x");
  expect(conditionInWords({ column: "a", eq: 3 })).toBe("a = 3");
});
