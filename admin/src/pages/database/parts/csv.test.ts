import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

test("cells with commas, quotes and lines are quoted", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ["x,y", 'say "hi"'],
        ["two\nlines", 3],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines",3');
});

test("nothing is an empty cell, JSON is text", () => {
  expect(toCsv(["a"], [[null], [undefined], [{ b: 1 }]])).toBe('a\r\n\r\n\r\n"{""b"":1}"');
});

test("what a spreadsheet would run is text", () => {
  expect(toCsv(["a"], [["=HYPERLINK(1)"], ["+1"], [-1], ["@x"]])).toBe("a\r\n'=HYPERLINK(1)\r\n'+1\r\n-1\r\n'@x");
});
