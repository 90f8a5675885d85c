import { expect, test } from "vitest";
import { type JsonObject, mergePatch, readMetadata } from "./merge_patch.ts";

test.each<[JsonObject, JsonObject, JsonObject]>([
  [{}, {}, {}],
  [{ a: 1 }, {}, { a: null }],
  [{}, { a: 1 }, { a: 1 }],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
  [{ a: { b: 1 } }, { a: {} }, { a: { b: null } }],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, {}],
  [{ a: [1] }, { a: [1, 2] }, { a: [1, 2] }],
  [{ a: { b: 1 } }, { a: "text" }, { a: "text" }],
])("%j becomes %j by %j", (before, after, patch) => expect(mergePatch(before, after)).toEqual(patch));

test("names of the prototype are names like others", () => {
  expect(mergePatch({}, JSON.parse('{"toString": 1}'))).toEqual({ toString: 1 });
});

test("metadata that cannot be stored is reported before it is sent", () => {
  expect(readMetadata("")).toEqual({ value: {} });
  expect(readMetadata('{"plan":"gold"}')).toEqual({ value: { plan: "gold" } });
  expect(readMetadata("[1]")).toHaveProperty("problem");
  expect(readMetadata("{")).toHaveProperty("problem");
  expect(readMetadata('{"a":{"b":null}}')).toEqual({
    problem: "a.b is null. Leave a member out to remove it; null cannot be stored.",
  });
});
