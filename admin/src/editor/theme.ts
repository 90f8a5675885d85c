// The two themes of the editor, made from the tokens of the pages: what is green there is green here.
import { monaco } from "./monaco.ts";
import { hex, themeOf } from "./theme_colours.ts";

const NAME = "aerocall";
const TOKENS = [
  "bg",
  "raised",
  "sunken",
  "line",
  "edge",
  "text",
  "dim",
  "accent",
  "allow",
  "deny",
  "patch",
  "fail",
] as const;
export type Token = (typeof TOKENS)[number];

const DARK = window.matchMedia("(prefers-color-scheme: dark)");
let users = 0;
let leave = () => {};

/** Keeps the theme of all editors that of the page, until the function that is returned is called. */
export function followTheme(): () => void {
  users += 1;
  if (users === 1) leave = follow();
  return () => {
    users -= 1;
    if (users === 0) leave();
  };
}

function follow(): () => void {
  apply();
  const observer = new MutationObserver(apply);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  DARK.addEventListener("change", apply);
  return () => {
    observer.disconnect();
    DARK.removeEventListener("change", apply);
  };
}

function apply(): void {
  const tokens = Object.fromEntries(TOKENS.map((name) => [name, computed(name)]));
  monaco.editor.defineTheme(NAME, themeOf(tokens as Record<Token, string>));
  monaco.editor.setTheme(NAME);
}

/**
 * As a colour that the browser computed: what a stylesheet says can be `#fff` or a name. A new element for each, because a change of
 * one that is there already is a transition, which begins with the colour before it.
 */
function computed(name: Token): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return hex(color);
}
