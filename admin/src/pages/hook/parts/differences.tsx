// Files that differ, one after the other or side by side in the editor, or as plain text for whoever wants it or has no room.
import { lazy, Suspense, useState } from "react";
import { type DiffLine, hunks } from "../../../editor/line_diff.ts";
import { Button } from "../../../parts/button.tsx";
import { Skeleton } from "../../../parts/states.tsx";
import type { FileDifference } from "../draft/files.ts";
import styles from "./differences.module.css";
import { useIsPhone } from "./use_is_phone.ts";

const DiffEditor = lazy(() => import("../../../editor/diff_editor.tsx").then((file) => ({ default: file.DiffEditor })));

type Props = {
  files: readonly FileDifference[];
  /** What the two sides are: "version 12", "draft r42". */
  before: string;
  after: string;
  /** The file that is shown, if the address says which. */
  path?: string | undefined;
  onPath?: (path: string) => void;
};

export function Differences({ files, before, after, path, onPath }: Props) {
  const isPhone = useIsPhone();
  const [isText, setText] = useState(false);
  const [own, setOwn] = useState<string>();
  const chosen = files.find((file) => file.path === (path ?? own)) ?? files[0];
  if (!chosen) return <p className={styles.none}>The files are the same.</p>;
  const choose = (next: string) => (onPath ? onPath(next) : setOwn(next));
  const asText = isText || isPhone;
  return (
    <div className={styles.differences}>
      <div className={styles.head}>
        <ul className={styles.files} aria-label="Files that differ">
          {files.map((file) => (
            <li key={file.path}>
              <button
                type="button"
                className={styles.file}
                aria-current={file === chosen || undefined}
                onClick={() => choose(file.path)}
              >
                {file.path}
                <span className={styles.kind}>{kindOf(file)}</span>
              </button>
            </li>
          ))}
        </ul>
        {!isPhone && (
          <Button small kind="quiet" onPress={() => setText(!isText)}>
            {isText ? "Show side by side" : "Show as text"}
          </Button>
        )}
      </div>
      <p className={styles.sides}>
        <span className={styles.removed}>− {before}</span> <span className={styles.added}>+ {after}</span>
      </p>
      {asText ? (
        <TextDifference file={chosen} />
      ) : (
        <div className={styles.editor}>
          <Suspense fallback={<Skeleton kind="text" rows={8} />}>
            <DiffEditor
              path={chosen.path}
              before={chosen.before ?? ""}
              after={chosen.after ?? ""}
              label={`${before} and ${after}`}
            />
          </Suspense>
        </div>
      )}
    </div>
  );
}

function kindOf(file: FileDifference): string {
  if (file.before === null) return "new";
  return file.after === null ? "deleted" : "changed";
}

const SIGNS = { same: " ", added: "+", removed: "−" };
const WORDS = { same: "", added: "added: ", removed: "removed: " };

function TextDifference({ file }: { file: FileDifference }) {
  const found = hunks(file.before ?? "", file.after ?? "");
  if (found.length === 0) return <p className={styles.none}>Only line ends differ.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it can be reached by keyboard
    <section className={styles.text} aria-label={`Differences of ${file.path}`} tabIndex={0}>
      {found.map((hunk) => (
        <div key={hunkKey(hunk.lines)} className={styles.hunk}>
          {hunk.lines.map((line) => (
            <div key={lineKey(line)} className={`${styles.line} ${styles[line.kind]}`}>
              <span className={styles.number}>{line.before}</span>
              <span className={styles.number}>{line.after}</span>
              <span className={styles.sign} aria-hidden="true">
                {SIGNS[line.kind]}
              </span>
              <span className="hidden-visually">{WORDS[line.kind]}</span>
              <code>{line.text}</code>
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}

function hunkKey(lines: readonly DiffLine[]): string {
  return lines[0] ? lineKey(lines[0]) : "";
}

function lineKey(line: DiffLine): string {
  return `${line.before}/${line.after}`;
}
