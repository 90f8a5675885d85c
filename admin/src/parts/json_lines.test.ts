// @vitest-environment node
import { expect, it } from "vitest";
import { pieces } from "./hidden_text.ts";
import { closedBelow, linesOf, search } from "./json_lines.ts";

const value = { user: { email: "ada@example.com", "first name": "Ada", roles: ["a", "b"] }, none: null, empty: {} };

it("JSON is shown as the lines that a person would write", () => {
  const lines = linesOf(value, new Set()).map(
    (line) => `${"  ".repeat(line.depth)}${line.name === null ? "" : `${line.name}: `}${line.text}`,
  );
  expect(lines).toEqual([
    "{",
    "  user: {",
    '    email: "ada@example.com"',
    '    first name: "Ada"',
    "    roles: [",
    '      "a"',
    '      "b"',
    "    ]",
    "  }",
    "  none: null",
    "  empty: {}",
    "}",
  ]);
});

it("a path is what a program would write", () => {
  expect(linesOf(value, new Set()).map((line) => line.path)).toContain('$.user["first name"]');
  expect(linesOf(value, new Set()).map((line) => line.path)).toContain("$.user.roles[1]");
});

it("what is closed shows its end, and nothing in between", () => {
  const lines = linesOf(value, closedBelow(value, 1));
  expect(lines.map((line) => line.text)).toEqual(["{", "{…}", "null", "{}", "}"]);
});

it("a search finds names and values, and opens what they are in", () => {
  expect([...search(value, "ADA").found]).toEqual(["$.user.email", '$.user["first name"]']);
  expect([...search(value, "roles").above]).toEqual(["$", "$.user"]);
  expect(search(value, "").found.size).toBe(0);
});

it("characters that hide are shown as their code", () => {
  expect(pieces("a\u200bb\u202ec\u{e0041}")).toEqual([
    { text: "a", isHidden: false },
    { text: "U+200B", isHidden: true },
    { text: "b", isHidden: false },
    { text: "U+202E", isHidden: true },
    { text: "c", isHidden: false },
    { text: "U+E0041", isHidden: true },
  ]);
  expect(pieces("zeilen\n\tund ä€")).toEqual([{ text: "zeilen\n\tund ä€", isHidden: false }]);
});
