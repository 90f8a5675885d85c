// What a hook wrote to its log.
import type { LogLine } from "../../../../../docs/openapi.d.ts";
import { plural } from "../../../parts/format.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./logs.module.css";

export function Logs({ lines, dropped }: { lines: readonly LogLine[]; dropped: number }) {
  if (lines.length === 0) return null;
  return (
    <>
      <ol className={styles.logs}>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a run are in order and never change
          <li key={at} className={styles.line} data-level={line.level}>
            <span className={styles.level}>{line.level}</span>
            <span className={styles.message}>
              <PlainText>{line.message}</PlainText>
            </span>
          </li>
        ))}
      </ol>
      {dropped > 0 && <p className={styles.dim}>{plural(dropped, "further line")} beyond the limit.</p>}
    </>
  );
}
