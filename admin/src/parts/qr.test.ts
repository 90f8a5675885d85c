// @vitest-environment node
import { expect, it } from "vitest";
import { qrOf } from "./qr.ts";

/** Rows of a code, two modules of height in a character. */
const shown = (text: string) => qrOf(text).map((row) => row.map((isDark) => (isDark ? "#" : ".")).join(""));

it("a code has the size of the smallest version that holds the text", () => {
  expect(
    ["a".repeat(14), "a".repeat(15), "a".repeat(213), "a".repeat(214), "a".repeat(412)].map(
      (text) => qrOf(text).length,
    ),
  ).toEqual([21, 25, 57, 61, 77]);
  expect(() => qrOf("a".repeat(413))).toThrow("too long");
});

it("a code has its three finders and its timing lines", () => {
  const rows = shown("otpauth://totp/a");
  const finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"];
  expect(rows.slice(0, 7).map((row) => row.slice(0, 7))).toEqual(finder);
  expect(rows.slice(0, 7).map((row) => row.slice(-7))).toEqual(finder);
  expect(rows.slice(-7).map((row) => row.slice(0, 7))).toEqual(finder);
  expect(rows[6]?.slice(8, -8)).toMatch(/^(#\.)+#$/);
});

/** Version 1, error correction M; another program (jsQR) reads "HI" in it. */
it("a code stays what was read once", () => {
  expect(shown("HI")).toMatchInlineSnapshot(`
    [
      "#######...###.#######",
      "#.....#.....#.#.....#",
      "#.###.#.#.##..#.###.#",
      "#.###.#.###.#.#.###.#",
      "#.###.#.#..##.#.###.#",
      "#.....#.###.#.#.....#",
      "#######.#.#.#.#######",
      "........#####........",
      "#.#####..##.#.#####..",
      ".##.#...#...#..#.....",
      "#.##..#.#.##.#..####.",
      ".#...#.........##.#..",
      ".###..#....#.#..#.#.#",
      "........#..####..#...",
      "#######.....#.##...#.",
      "#.....#.#..####..#..#",
      "#.###.#.##..#..#..#..",
      "#.###.#.##..#..#..#..",
      "#.###.#.#.##.#..###..",
      "#.....#...#....##.#..",
      "#######.####.#..####.",
    ]
  `);
});
