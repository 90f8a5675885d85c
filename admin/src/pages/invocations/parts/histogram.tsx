// Invocations over time as stacked bars by outcome. A bar is a filter: choosing it shows its part of the time. The same numbers
// are a table for whoever does not see the bars.
import { useState } from "react";
import { Button } from "../../../parts/button.tsx";
import { dayAndTime, number } from "../../../parts/format.ts";
import { type Bar, type Bucket, barsOf, KINDS, type Kind, said } from "./buckets.ts";
import styles from "./histogram.module.css";

type Props = {
  buckets: readonly Bucket[];
  stepSeconds: number;
  isComplete: boolean;
  onRange: (from: string, to: string) => void;
};

const WORDS: Record<Kind, string> = { failure: "failed", deny: "denied", patch: "patched", allow: "allowed" };

export function Histogram({ buckets, stepSeconds, isComplete, onRange }: Props) {
  const [isTable, setTable] = useState(false);
  const bars = barsOf(buckets, stepSeconds);
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <figure className={styles.histogram}>
      <figcaption className={styles.caption}>
        <span>{said(buckets)}</span>
        {!isComplete && <span className={styles.dim}>Only the newest 50,000 are counted.</span>}
        <span className={styles.acts}>
          <Button small kind="quiet" onPress={() => setTable(!isTable)}>
            {isTable ? "Show the bars" : "Show as a table"}
          </Button>
        </span>
      </figcaption>
      {isTable ? (
        <Numbers of={bars} onRange={onRange} />
      ) : (
        <>
          <div className={styles.bars} aria-hidden="true">
            {bars.map((bar) => (
              <PointedBar key={bar.at} of={bar} onPress={() => onRange(bar.at, bar.until)} />
            ))}
          </div>
          <div className={styles.ends} aria-hidden="true">
            <span>{first && dayAndTime(first.at)}</span>
            <span>{last && dayAndTime(last.until)}</span>
          </div>
        </>
      )}
    </figure>
  );
}

/** Until it is there. */
export function WaitingHistogram() {
  return <div className={styles.waiting} />;
}

/** For the pointer. By keyboard, and for whoever does not see the bars, the rows of the table do the same. */
function PointedBar({ of, onPress }: { of: Bar; onPress: () => void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows of the table are what a keyboard reaches
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows of the table are what a keyboard reaches
    <div className={styles.bar} title={`${dayAndTime(of.at)}: ${partsOf(of)}`} onClick={onPress}>
      {of.parts.map((part) => (
        // The height is what the bar says: geometry that no rule can know.
        <span key={part.kind} className={styles[part.kind]} style={{ height: `${part.height}%` }} />
      ))}
    </div>
  );
}

function partsOf(bar: Bar): string {
  if (bar.total === 0) return "none";
  return bar.parts.map((part) => `${number(part.count)} ${WORDS[part.kind]}`).join(", ");
}

function Numbers({ of, onRange }: { of: readonly Bar[]; onRange: Props["onRange"] }) {
  return (
    <div className={styles.numbers}>
      <table aria-label="Invocations over time">
        <thead>
          <tr>
            <th scope="col">From</th>
            {KINDS.map((kind) => (
              <th key={kind} scope="col">
                {WORDS[kind]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((bar) => (
            <tr key={bar.at}>
              <th scope="row">
                <button type="button" className={styles.row} onClick={() => onRange(bar.at, bar.until)}>
                  {dayAndTime(bar.at)}
                </button>
              </th>
              {KINDS.map((kind) => (
                <td key={kind}>{number(bar.parts.find((part) => part.kind === kind)?.count ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
