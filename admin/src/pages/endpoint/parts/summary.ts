// What a hook does at a hook point or event, in a sentence or two, read from the sources of its version: the comment above it,
// and what the code can do. Nothing is guessed: what is not literally there is not said.
import type { SourceFile } from "../../../../../docs/openapi.d.ts";

export type Summary = {
  /** The first sentence of the comment above it, or at the beginning of its file. */
  comment: string | null;
  /** What the code can do: "Denies with free_mail. Writes to signups." */
  facts: string | null;
};

export function summaryOf(files: readonly SourceFile[], place: string): Summary {
  const sources = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file.path));
  const home = sources.find((file) => beginOf(file.text, place) >= 0);
  if (!home) return { comment: null, facts: null };
  const begin = beginOf(home.text, place);
  const code = handlersIn(home.text) > 1 ? sliceOf(home.text, begin) : sources.map((file) => file.text).join("\n");
  return {
    comment: sentenceOf(commentAbove(home.text, begin)) ?? sentenceOf(commentAtTop(home.text)),
    facts: factsOf(withoutComments(code)),
  };
}

/** Where the handler begins: an export of this name, or a member of `on` with it. */
function beginOf(text: string, place: string): number {
  const name = place.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = /^(before|after)[A-Z]/.test(place)
    ? new RegExp(`^export\\s+(?:const|let|var|async\\s+function|function)\\s+${name}\\b`, "m")
    : new RegExp(`^[ \\t]*(?:async\\s+)?["'\`]${name}["'\`]\\s*[:(]`, "m");
  return text.search(pattern);
}

const HANDLER =
  /^(?:export\s+(?:const|let|var|async\s+function|function)\s+(?:before|after)[A-Z]\w*|[ \t]*(?:async\s+)?["'`](?:auth|queue|cron)\.[^"'`]+["'`]\s*[:(])/gm;

function handlersIn(text: string): number {
  return text.match(HANDLER)?.length ?? 0;
}

/** From one handler to the next. */
function sliceOf(text: string, begin: number): string {
  const next = [...text.matchAll(HANDLER)].map((match) => match.index).find((index) => index > begin);
  return text.slice(begin, next);
}

function commentAbove(text: string, begin: number): string | null {
  const above = text.slice(0, begin).trimEnd();
  if (above.endsWith("*/")) {
    const start = above.lastIndexOf("/*");
    return start < 0 ? null : above.slice(start);
  }
  const lines = above.split("\n");
  const first = lines.findLastIndex((line) => !/^\s*\/\//.test(line)) + 1;
  return first < lines.length ? lines.slice(first).join("\n") : null;
}

function commentAtTop(text: string): string | null {
  return text.match(/^\s*(\/\*[\s\S]*?\*\/|(?:\/\/[^\n]*\n?)+)/)?.[1] ?? null;
}

/** The first sentence of a comment, without its signs. */
function sentenceOf(comment: string | null): string | null {
  if (comment === null) return null;
  const words = comment
    .replaceAll(/^\s*\/\*+|\*+\/\s*$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*(\*|\/\/+)\s?/, "").trim())
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const sentence = words.match(/^.*?[.!?](?=\s|$)/)?.[0] ?? words;
  if (sentence === "" || sentence.startsWith("@") || /^(eslint|biome|prettier|@ts)/.test(sentence)) return null;
  return sentence;
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[^:"'`])\/\/[^\n]*/g, "$1");
}

type Fact = (code: string) => string | null;

const FACTS: readonly Fact[] = [
  (code) => {
    if (!/\bnew\s+Deny\b|\bdeny\s*:/.test(code)) return null;
    const codes = namesIn(code, /\bcode:\s*["'`]([\w.-]+)["'`]/g);
    return codes ? `Denies with ${codes}` : "Can deny";
  },
  (code) => {
    if (!/\bpatch\s*:/.test(code)) return null;
    const names = namesIn(code, /\bpatch\s*:\s*\{\s*(?:user\s*:\s*\{\s*)?(\w+)/g);
    return names ? `Changes ${names}` : "Changes its payload";
  },
  (code) => said("Writes to", namesIn(code, /\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+["`]?(\w+)/gi)),
  (code) => said("Enqueues", namesIn(code, /\benqueue\(\s*["'`]([\w.-]+)["'`]/g)),
  (code) => said("Asks", namesIn(code, /https?:\/\/([\w.-]+(?::\d+)?)/g)),
  (code) => (/\bsendEmail\(/.test(code) ? "Sends a mail" : null),
  (code) => (/\brevokeSessions\(/.test(code) ? "Ends sessions" : null),
  (code) => (/\bupdateUser\(/.test(code) ? "Changes users" : null),
  (code) =>
    /\bcache\.(?:set|increment|setIfAbsent|delete)\(/.test(code) ? "Counts or keeps values in the cache" : null,
];

function factsOf(code: string): string | null {
  const facts = FACTS.map((fact) => fact(code)).filter((fact) => fact !== null);
  return facts.length === 0 ? null : `${facts.join(". ")}.`;
}

const said = (verb: string, names: string | null) => (names ? `${verb} ${names}` : null);

/** More are not named. */
const MOST_NAMES = 4;

function namesIn(code: string, pattern: RegExp): string | null {
  const names = [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ""))].filter(Boolean);
  if (names.length === 0) return null;
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  return new Intl.ListFormat("en").format(more > 0 ? [...shown, `${more} more`] : shown);
}
