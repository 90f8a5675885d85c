// The log of an invocation: levels as words, so that colour is not needed to tell them apart.
import type { LogLine } from "../../../api/queries/invocations.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./logs.module.css";

export function Logs({ of }: { of: readonly LogLine[] }) {
  if (of.length === 0) return <p className={styles.none}>The hook wrote nothing.</p>;
  return (
    <ol className={styles.logs}>
      {of.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move, and two can be the same
        <li key={index} className={styles.line}>
          <span className={styles[line.level]}>{line.level}</span>
          <span className={styles.text}>
            <PlainText>{line.message}</PlainText>
          </span>
        </li>
      ))}
    </ol>
  );
}
