// @vitest-environment node
// The colours by the formula of WCAG 2.2 (1.4.3 and 1.4.11): a token that is changed stays readable on every tone.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { themeOf } from "../editor/theme_colours.ts";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The tokens of a theme: those of a later rule replace those of the first. */
function theme(selector: string): Map<string, string> {
  const blocks = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, name]) => {
    const plain = name?.replaceAll(/\/\*[\s\S]*?\*\//g, "").trim();
    return plain === ":root" || plain === selector;
  });
  const pairs = blocks.flatMap(([, , body]) => [...(body ?? "").matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)]);
  return new Map(pairs.map(([, name = "", value = ""]) => [name, value]));
}

function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** `#rrggbbaa` over an opaque colour. */
function over(below: string, above: string): string {
  const opacity = Number.parseInt(above.slice(7, 9) || "ff", 16) / 255;
  const channel = (at: number) => {
    const [a, b] = [above, below].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round((a ?? 0) * opacity + (b ?? 0) * (1 - opacity))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

const TONES = ["bg", "raised", "sunken"];
const TEXTS = ["text", "dim", "accent", "allow", "patch", "deny", "fail", "unknown"];

describe.each([
  ["light", theme(':root[data-theme="light"]')],
  ["dark", theme(':root[data-theme="dark"]')],
])("in the %s theme", (_, tokens) => {
  const of = (name: string) => tokens.get(name) ?? "#000000";
  it.each(TEXTS.flatMap((text) => TONES.map((tone) => [text, tone] as const)))("%s can be read on %s", (text, tone) => {
    expect(contrast(of(text), of(tone))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(TONES)("the edge of a control is seen on %s", (tone) => {
    expect(contrast(of("edge"), of(tone))).toBeGreaterThanOrEqual(3);
  });
  it.each(["inserted", "removed"])("code can be read where it was %s", (change) => {
    const { colors, rules } = themeOf(Object.fromEntries(tokens) as Parameters<typeof themeOf>[0]);
    const of = (name: string) => colors[name] ?? "#00000000";
    const line = over(of("editor.background"), of(`diffEditor.${change}LineBackground`));
    const text = over(line, of(`diffEditor.${change}TextBackground`));
    const unread = rules.filter(({ foreground }) => contrast(`#${foreground}`, text) < 4.5);
    expect(unread).toEqual([]);
    expect(contrast(of("editorLineNumber.dimmedForeground"), line)).toBeGreaterThanOrEqual(4.5);
  });
  it("the words of a primary button can be read", () => {
    expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(4.5);
  });
});

it("the dark theme is one, whether it is chosen or follows the system", () => {
  const chosen = /:root\[data-theme="dark"\] \{([^}]*)\}/.exec(css)?.[1] ?? "";
  const followed = /:root:not\(\[data-theme="light"\]\) \{([^}]*)\}/.exec(css)?.[1] ?? "";
  const lines = (text: string) =>
    text
      .split(";")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("--"));
  expect(lines(followed).length).toBeGreaterThan(10);
  expect(lines(chosen)).toEqual(lines(followed));
});
