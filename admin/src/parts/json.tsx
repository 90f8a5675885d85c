// JSON for reading: branches that close, a search, copying of a path or a value. What is larger than a page can show at once is
// offered as a file; characters that hide are shown.
import { useMemo, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import { CopyButton, copyText } from "./copy.tsx";
import { downloadText } from "./download.ts";
import { bytes } from "./format.ts";
import { Icon } from "./icon.tsx";
import styles from "./json.module.css";
import { closedBelow, type Line, linesOf, search } from "./json_lines.ts";
import { PlainText } from "./plain_text.tsx";

/** Above this a tab would stop answering while it lays the lines out. */
const MOST_BYTES = 256 * 1024;
const MOST_LINES = 2_000;
const PREVIEW = 4_000;

type Props = {
  value: unknown;
  /** What it is: "Input", "Reply". Names the region and the file. */
  name: string;
  /** Branches deeper than this are closed at first. */
  depth?: number;
  isSearchHidden?: boolean;
};

export function JsonView({ value, name, depth = 3, isSearchHidden }: Props) {
  const whole = useMemo(() => JSON.stringify(value, null, 2) ?? "undefined", [value]);
  const size = whole.length;
  if (size > MOST_BYTES) return <TooLarge whole={whole} name={name} />;
  return <Tree value={value} whole={whole} name={name} depth={depth} hasSearch={!isSearchHidden && size > 400} />;
}

function TooLarge({ whole, name }: { whole: string; name: string }) {
  return (
    <section className={styles.json} aria-label={name}>
      <p className={styles.note}>
        {name} is {bytes(whole.length)}: its beginning is shown.
        <Button
          small
          icon="download"
          onPress={() => downloadText(`${name.toLowerCase().replaceAll(" ", "-")}.json`, whole, "application/json")}
        >
          Download all of it
        </Button>
      </p>
      <pre className={styles.preview}>
        <PlainText>{`${whole.slice(0, PREVIEW)}…`}</PlainText>
      </pre>
    </section>
  );
}

type TreeProps = { value: unknown; whole: string; name: string; depth: number; hasSearch: boolean };

function Tree({ value, whole, name, depth, hasSearch }: TreeProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => closedBelow(value, depth));
  const [text, setText] = useState("");
  const [most, setMost] = useState(MOST_LINES);
  const { found, above } = useMemo(() => search(value, text), [value, text]);
  const lines = useMemo(
    () => linesOf(value, new Set([...closed].filter((path) => !above.has(path)))),
    [value, closed, above],
  );
  const toggle = (path: string) => {
    const next = new Set(closed);
    if (!next.delete(path)) next.add(path);
    setClosed(next);
  };
  return (
    <section className={styles.json} aria-label={name}>
      <div className={styles.tools}>
        {hasSearch && (
          <label className={styles.search}>
            <Icon name="search" size={12} />
            <span className="hidden-visually">Search in {name}</span>
            <input type="search" value={text} placeholder="Search" onChange={(event) => setText(event.target.value)} />
            {text && <output>{found.size} found</output>}
          </label>
        )}
        <CopyButton text={whole} label={`Copy ${name}`} />
      </div>
      <div className={styles.lines}>
        {lines.slice(0, most).map((line) => (
          <LineOf
            key={`${line.path} ${line.kind}`}
            line={line}
            isClosed={closed.has(line.path) && !above.has(line.path)}
            isFound={found.has(line.path)}
            onToggle={toggle}
          />
        ))}
        {lines.length > most && (
          <Button small onPress={() => setMost(most + MOST_LINES)}>
            Show {Math.min(MOST_LINES, lines.length - most)} more lines
          </Button>
        )}
      </div>
    </section>
  );
}

type LineProps = { line: Line; isClosed: boolean; isFound: boolean; onToggle: (path: string) => void };

function LineOf({ line, isClosed, isFound, onToggle }: LineProps) {
  const canClose = line.kind === "open" && line.size > 0;
  return (
    // The indentation is the depth of the line: geometry that no rule can know.
    <div
      className={`${styles.line} ${isFound ? styles.found : ""}`}
      style={{ paddingInlineStart: `${line.depth * 16 + 20}px` }}
    >
      {canClose && (
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={!isClosed}
          aria-label={`${line.name ?? line.path}: ${line.size} members`}
          onClick={() => onToggle(line.path)}
        >
          <Icon name={isClosed ? "right" : "down"} size={12} />
        </button>
      )}
      {line.name !== null && (
        <>
          <span className={styles.name}>
            <PlainText>{line.name}</PlainText>
          </span>
          <span className={styles.sign}>: </span>
        </>
      )}
      <span className={styles[kindOf(line)]}>
        <PlainText>{line.text}</PlainText>
      </span>
      {isClosed && <span className={styles.size}> {line.size}</span>}
      {!line.isLast && line.kind !== "open" && <span className={styles.sign}>,</span>}
      {line.kind !== "end" && <LineTools line={line} />}
    </div>
  );
}

function LineTools({ line }: { line: Line }) {
  const text = typeof line.value === "string" ? line.value : JSON.stringify(line.value, null, 2);
  return (
    <span className={styles.lineTools}>
      <CopyButton text={text ?? "undefined"} label={`Copy the value of ${line.path}`} />
      <CopyPath path={line.path} />
    </span>
  );
}

function CopyPath({ path }: { path: string }) {
  return <IconButton icon="code" small label={`Copy the path ${path}`} onPress={() => void copyText(path)} />;
}

function kindOf(line: Line): "sign" | "string" | "number" | "word" {
  if (line.kind !== "leaf") return "sign";
  if (typeof line.value === "string") return "string";
  return typeof line.value === "number" ? "number" : "word";
}
