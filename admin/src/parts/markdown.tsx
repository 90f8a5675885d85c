// The answer of a model, as text: its paragraphs, lists and code. It loads nothing and leads nowhere: a link is its words and its
// address, an image is its address, markup is shown as it is written.
import { memo, useMemo } from "react";
import { CodeBlock } from "./code.tsx";
import { plural } from "./format.ts";
import styles from "./markdown.module.css";
import { type Block, blocksOf, codeName, type Inline, type Item, inlinesOf } from "./markdown_blocks.ts";
import { PlainText } from "./plain_text.tsx";

/** From this many lines on code is folded: a whole file is looked at as a difference. */
const FOLDED_LINES = 14;

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div className={styles.markdown}>
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end
        <BlockOf key={at} of={block} />
      ))}
    </div>
  );
});

/** One line: code is shown as such, and nothing else is markup. */
export function MarkdownLine({ text }: { text: string }) {
  return <Inlines of={inlinesOf(text)} />;
}

function BlockOf({ of }: { of: Block }) {
  switch (of.kind) {
    case "heading":
      return (
        <p className={styles.heading}>
          <Inlines of={of.inlines} />
        </p>
      );
    case "paragraph":
      return (
        <p>
          <Inlines of={of.inlines} />
        </p>
      );
    case "quote":
      return (
        <blockquote className={styles.quote}>
          <Inlines of={of.inlines} />
        </blockquote>
      );
    case "list":
      return of.isOrdered ? (
        <ol className={styles.ordered}>
          <Items of={of.items} />
        </ol>
      ) : (
        <ul className={styles.list}>
          <Items of={of.items} />
        </ul>
      );
    case "code":
      return <Code of={of} />;
  }
}

function Items({ of }: { of: readonly Item[] }) {
  return of.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end
    <li key={at} data-depth={item.depth || undefined}>
      <Inlines of={item.inlines} />
    </li>
  ));
}

function Code({ of }: { of: Extract<Block, { kind: "code" }> }) {
  const name = codeName(of.info);
  const lines = of.text.split("\n").length;
  if (lines < FOLDED_LINES) return <CodeBlock code={of.text} label={name} />;
  return (
    <details className={styles.folded}>
      <summary>
        <code>
          <PlainText>{name}</PlainText>
        </code>
        <span className={styles.dim}>
          {plural(lines, "line")}
          {of.isOpen && " so far"}
        </span>
      </summary>
      <CodeBlock code={of.text} label={name} />
    </details>
  );
}

function Inlines({ of }: { of: readonly Inline[] }) {
  return of.map((inline, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end
    <InlineOf key={at} of={inline} />
  ));
}

function InlineOf({ of }: { of: Inline }) {
  const text = <PlainText>{of.text}</PlainText>;
  switch (of.kind) {
    case "code":
      return <code className={styles.code}>{text}</code>;
    case "strong":
      return <strong>{text}</strong>;
    case "emphasis":
      return <em>{text}</em>;
    case "text":
      return text;
  }
}
