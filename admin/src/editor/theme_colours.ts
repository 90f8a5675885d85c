// Which token of the pages is which colour of the editor. Knows no Monaco, so that it can be tested without one.
import type { editor } from "./monaco.ts";
import type { Token } from "./theme.ts";

type Tokens = Record<Token, string>;

/** The theme for these tokens; dark if the page is. */
export function themeOf(tokens: Tokens): editor.IStandaloneThemeData {
  return {
    base: luminance(tokens.bg) < 0.5 ? "vs-dark" : "vs",
    inherit: true,
    rules: rules(tokens),
    colors: { ...surface(tokens), ...marks(tokens), ...floating(tokens), ...difference(tokens) },
  };
}

/** Code is read for hours: few colours, and none for what carries no meaning. */
function rules(tokens: Tokens): editor.ITokenThemeRule[] {
  const rule = (token: string, name: Token, fontStyle?: string) => ({
    token,
    foreground: tokens[name].slice(1),
    ...(fontStyle && { fontStyle }),
  });
  return [
    rule("", "text"),
    rule("comment", "dim", "italic"),
    rule("keyword", "accent"),
    rule("string", "patch"),
    rule("string.escape", "deny"),
    rule("regexp", "deny"),
    rule("number", "deny"),
    rule("type", "text"),
    rule("type.identifier", "text"),
    rule("identifier", "text"),
    rule("delimiter", "dim"),
    rule("annotation", "dim"),
    rule("invalid", "fail"),
  ];
}

function surface(tokens: Tokens): editor.IColors {
  return {
    "editor.background": tokens.raised,
    "editor.foreground": tokens.text,
    "editorGutter.background": tokens.raised,
    "editorLineNumber.foreground": tokens.dim,
    "editorLineNumber.activeForeground": tokens.text,
    // Of a last line that is empty: without it, a number that is too faint to read.
    "editorLineNumber.dimmedForeground": tokens.dim,
    "editorCursor.foreground": tokens.accent,
    "editor.lineHighlightBackground": "#00000000",
    "editor.lineHighlightBorder": tokens.line,
    "editorIndentGuide.background1": tokens.line,
    "editorIndentGuide.activeBackground1": tokens.edge,
    "editorWhitespace.foreground": tokens.edge,
    "editorBracketMatch.background": "#00000000",
    "editorBracketMatch.border": tokens.edge,
    // Brackets have one colour; their position distinguishes them.
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, tokens.dim])),
    "editorBracketHighlight.unexpectedBracket.foreground": tokens.fail,
    "editorUnicodeHighlight.border": tokens.deny,
    "scrollbarSlider.background": alpha(tokens.edge, 0.32),
    "scrollbarSlider.hoverBackground": alpha(tokens.edge, 0.48),
    "scrollbarSlider.activeBackground": alpha(tokens.edge, 0.6),
    "scrollbar.shadow": "#00000000",
    focusBorder: tokens.accent,
  };
}

function marks(tokens: Tokens): editor.IColors {
  return {
    "editor.selectionBackground": alpha(tokens.accent, 0.28),
    "editor.inactiveSelectionBackground": alpha(tokens.accent, 0.16),
    "editor.selectionHighlightBackground": alpha(tokens.accent, 0.14),
    "editor.wordHighlightBackground": alpha(tokens.edge, 0.22),
    "editor.wordHighlightStrongBackground": alpha(tokens.edge, 0.3),
    "editor.findMatchBackground": alpha(tokens.deny, 0.4),
    "editor.findMatchHighlightBackground": alpha(tokens.deny, 0.2),
    "editorError.foreground": tokens.fail,
    "editorWarning.foreground": tokens.deny,
    "editorInfo.foreground": tokens.patch,
    "editorHint.foreground": tokens.dim,
    "editorOverviewRuler.border": "#00000000",
    "editorOverviewRuler.errorForeground": tokens.fail,
    "editorOverviewRuler.warningForeground": tokens.deny,
    "editorMarkerNavigation.background": tokens.sunken,
  };
}

function floating(tokens: Tokens): editor.IColors {
  return {
    "editorWidget.background": tokens.raised,
    "editorWidget.border": tokens.line,
    "editorHoverWidget.background": tokens.raised,
    "editorHoverWidget.border": tokens.line,
    "editorSuggestWidget.background": tokens.raised,
    "editorSuggestWidget.border": tokens.line,
    "editorSuggestWidget.foreground": tokens.text,
    "editorSuggestWidget.highlightForeground": tokens.accent,
    "editorSuggestWidget.focusHighlightForeground": tokens.accent,
    "editorSuggestWidget.selectedBackground": alpha(tokens.accent, 0.18),
    "editorSuggestWidget.selectedForeground": tokens.text,
    "quickInput.background": tokens.raised,
    "quickInput.foreground": tokens.text,
    "quickInputList.focusBackground": alpha(tokens.accent, 0.18),
    "quickInputList.focusForeground": tokens.text,
    "list.highlightForeground": tokens.accent,
    "list.hoverBackground": tokens.sunken,
    "input.background": tokens.bg,
    "input.border": tokens.edge,
    "input.foreground": tokens.text,
    "menu.background": tokens.raised,
    "menu.foreground": tokens.text,
    "menu.selectionBackground": alpha(tokens.accent, 0.18),
    "menu.selectionForeground": tokens.text,
    "menu.border": tokens.line,
    "widget.shadow": "#00000030",
  };
}

/** How strong what changed is marked: code of every colour can be read on it. */
const LINE = 0.08;
const WORDS = 0.12;

function difference(tokens: Tokens): editor.IColors {
  return {
    "diffEditor.insertedLineBackground": alpha(tokens.allow, LINE),
    "diffEditor.insertedTextBackground": alpha(tokens.allow, WORDS),
    "diffEditor.removedLineBackground": alpha(tokens.fail, LINE),
    "diffEditor.removedTextBackground": alpha(tokens.fail, WORDS),
    "diffEditor.unchangedRegionBackground": tokens.sunken,
    "diffEditor.unchangedRegionForeground": tokens.dim,
    "diffEditor.diagonalFill": tokens.line,
    "diffEditor.border": tokens.line,
  };
}

/** `rgb(255, 255, 255)`, as browsers write computed colours, as `#ffffff`. */
export function hex(computed: string): string {
  const parts = computed.match(/[\d.]+/g)?.slice(0, 3) ?? [];
  return `#${parts.map((part) => Math.round(Number(part)).toString(16).padStart(2, "0")).join("")}`;
}

/** `#rrggbb` with an opacity. */
export function alpha(colour: string, opacity: number): string {
  const byte = Math.round(opacity * 255);
  return `${colour}${byte.toString(16).padStart(2, "0")}`;
}

/** How bright a colour is: 0 is black, 1 is white. */
export function luminance(colour: string): number {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255;
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
