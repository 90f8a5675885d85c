// Facts beside one another: short ones share a line, so that what follows them is seen without scrolling.
import type { ReactNode } from "react";
import styles from "./fact_grid.module.css";

export type Fact = { name: string; value: ReactNode /** An id, an address: it takes two places. */; isWide?: boolean };

/** What is false or nothing is left out. */
export function FactGrid({ facts }: { facts: readonly (Fact | null | undefined | false)[] }) {
  return (
    <dl className={styles.grid}>
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact.name} className={`${styles.fact} ${fact.isWide ? styles.wide : ""}`}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
