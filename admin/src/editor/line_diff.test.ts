import { describe, expect, it } from "vitest";
import { hunks, lineDiff } from "./line_diff.ts";

const marks = { same: " ", added: "+", removed: "-" };
const shown = (before: string, after: string) =>
  lineDiff(before.split(" "), after.split(" ")).map((line) => `${marks[line.kind]}${line.text}`);

describe("differences by line", () => {
  it("are the fewest that there can be", () => {
    expect(shown("a b c", "a x c")).toEqual([" a", "-b", "+x", " c"]);
    expect(shown("a b c", "a c")).toEqual([" a", "-b", " c"]);
    expect(shown("a c", "a b c")).toEqual([" a", "+b", " c"]);
    expect(shown("a b c a b b a", "c b a b a c").filter((line) => !line.startsWith(" "))).toHaveLength(5);
  });

  it("rebuild both sides, whatever they are", () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 200; round += 1) {
      const text = () => Array.from({ length: random(12) }, () => "abcd"[random(4)] ?? "a");
      const [a, b] = [text(), text()];
      const lines = lineDiff(a, b);
      expect(lines.filter((line) => line.kind !== "added").map((line) => line.text)).toEqual(a);
      expect(lines.filter((line) => line.kind !== "removed").map((line) => line.text)).toEqual(b);
    }
  });

  it("come in hunks with three lines around them", () => {
    const before = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`);
    const after = before.with(4, "five").with(24, "twenty-five");
    const found = hunks(before.join("\n"), after.join("\n"));
    expect(found.map((hunk) => hunk.lines.map((line) => line.before ?? `+${line.after}`))).toEqual([
      [2, 3, 4, 5, "+5", 6, 7, 8],
      [22, 23, 24, 25, "+25", 26, 27, 28],
    ]);
    expect(hunks("same\n", "same\n")).toEqual([]);
  });
});
