// The part of Markdown that answers of a model use: headings, paragraphs, lists, quotes, code. Everything else is text. Nothing here
// makes markup: `markdown.tsx` draws these pieces as elements of its own, so that no text of an answer becomes one.

export type Block =
  | { kind: "heading"; inlines: Inline[] }
  | { kind: "paragraph"; inlines: Inline[] }
  | { kind: "quote"; inlines: Inline[] }
  | { kind: "list"; isOrdered: boolean; items: Item[] }
  /** `isOpen`: its end has not come yet. */
  | { kind: "code"; info: string; text: string; isOpen: boolean };

export type Item = { depth: number; inlines: Inline[] };

export type Inline = { kind: "text" | "code" | "strong" | "emphasis"; text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const MAX_DEPTH = 3;
/** A longer line is one text: nobody writes it by hand, and looking for pairs of signs in it would take long. */
const MAX_LINE = 4000;

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replaceAll(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const fence = line.match(FENCE);
    if (fence) {
      const read = codeFrom(lines, at, fence[1] ?? "", (fence[2] ?? "").trim());
      blocks.push(read.block);
      at = read.next;
    } else {
      take(blocks, line, lines[at - 1] ?? "");
      at += 1;
    }
  }
  return blocks;
}

/** The code of a fence: up to one of the same signs that is at least as long. */
function codeFrom(lines: readonly string[], at: number, fence: string, info: string): { block: Block; next: number } {
  const end = new RegExp(`^ {0,3}${fence[0] === "`" ? "`" : "~"}{${fence.length},}\\s*$`);
  let next = at + 1;
  while (next < lines.length && !end.test(lines[next] ?? "")) next += 1;
  const text = lines.slice(at + 1, next).join("\n");
  return { block: { kind: "code", info, text, isOpen: next >= lines.length }, next: next + 1 };
}

/** Adds a line that is no code: to the block before it, or as a new one. `before` is the line before. */
function take(blocks: Block[], line: string, before: string): void {
  if (line.trim() === "" || /^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return;
  const heading = line.match(/^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/);
  if (heading) {
    blocks.push({ kind: "heading", inlines: inlinesOf(heading[1] ?? "") });
    return;
  }
  const item = line.match(ITEM);
  if (item) {
    addItem(blocks, item);
    return;
  }
  const quote = line.match(/^ {0,3}>\s?(.*)$/);
  const kind = quote ? "quote" : "paragraph";
  const inlines = inlinesOf(quote ? (quote[1] ?? "") : line.trim());
  if (before.trim() !== "" && goesOn(blocks.at(-1), kind, inlines)) return;
  blocks.push({ kind, inlines });
}

function addItem(blocks: Block[], [, indent = "", number, text = ""]: RegExpMatchArray): void {
  const isOrdered = number !== undefined;
  const item = {
    depth: Math.min(Math.floor(indent.replaceAll("\t", "  ").length / 2), MAX_DEPTH),
    inlines: inlinesOf(text),
  };
  const last = blocks.at(-1);
  if (last?.kind === "list" && (last.isOrdered === isOrdered || item.depth > 0)) last.items.push(item);
  else blocks.push({ kind: "list", isOrdered, items: [item] });
}

/** A line without an empty one before it belongs to what is above it. */
function goesOn(last: Block | undefined, kind: "quote" | "paragraph", inlines: Inline[]): boolean {
  const above = last?.kind === kind ? last.inlines : last?.kind === "list" ? last.items.at(-1)?.inlines : undefined;
  if (!above) return false;
  above.push({ kind: "text", text: " " }, ...inlines);
  return true;
}

// A link and an image are shown as their words and where they lead: nothing is loaded, and nothing can be followed by mistake.
const INLINE =
  /(`+)(?!`)(.+?)(?<!`)\1(?!`)|\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?!\w)|!?\[([^\]\n]{0,500})\]\(([^()\s]{0,2000})(?:\s+"[^"\n]*")?\)/g;

export function inlinesOf(text: string): Inline[] {
  const found: Inline[] = [];
  const add = (kind: Inline["kind"], piece: string) => {
    if (piece !== "") found.push({ kind, text: piece });
  };
  if (text.length > MAX_LINE) return [{ kind: "text", text }];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    add("text", text.slice(from, match.index));
    const [whole, , code, strong, emphasis, words, address] = match;
    if (code !== undefined) add("code", code.length > 2 ? code.replace(/^ (.*) $/, "$1") : code);
    else if (strong !== undefined) add("strong", strong);
    else if (emphasis !== undefined) add("emphasis", emphasis);
    else add("text", linkWords(whole.startsWith("!"), words ?? "", address ?? ""));
    from = match.index + whole.length;
  }
  add("text", text.slice(from));
  return found;
}

function linkWords(isImage: boolean, words: string, address: string): string {
  const said = words === "" || words === address ? address : `${words} (${address})`;
  return isImage ? `image: ${said}` : said;
}

/** What a piece of code is called: the path or the name behind its fence, else its language. */
export function codeName(info: string): string {
  const named = info.match(/\b(?:path|file|case)=(?:"([^"]*)"|(\S+))/);
  return named?.[1] || named?.[2] || info || "Code";
}
