// A piece of code or a command, for reading and copying.

import styles from "./code.module.css";
import { CopyButton } from "./copy.tsx";
import { PlainText } from "./plain_text.tsx";

type Props = {
  code: string;
  /** What it is: "The command". For screen readers and the copy button. */
  label: string;
  /** Number of the first line; none without line numbers. */
  firstLine?: number;
  /** The line that something is about. */
  markedLine?: number;
  isWrapped?: boolean;
};

export function CodeBlock({ code, label, firstLine, markedLine, isWrapped }: Props) {
  const lines = code.replace(/\n$/, "").split("\n");
  return (
    <figure className={styles.block} aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre className={`${styles.code} ${isWrapped ? styles.wrapped : ""}`} tabIndex={0}>
        {firstLine === undefined ? (
          <PlainText>{lines.join("\n")}</PlainText>
        ) : (
          lines.map((line, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: the number of the line is what it is
              key={firstLine + index}
              className={styles.line}
              data-marked={firstLine + index === markedLine || undefined}
            >
              <span className={styles.number}>{firstLine + index}</span>
              <span>
                <PlainText>{line}</PlainText>
                {"\n"}
              </span>
            </span>
          ))
        )}
      </pre>
      <div className={styles.copy}>
        <CopyButton text={code} label={`Copy ${label.charAt(0).toLowerCase()}${label.slice(1)}`} />
      </div>
    </figure>
  );
}
