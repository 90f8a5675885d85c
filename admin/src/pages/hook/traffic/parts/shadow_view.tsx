// What a shadow decided beside the live version: counts in words, then the matrix.
import type { ShadowFigures } from "../../../../../../docs/openapi.d.ts";
import { number, plural } from "../../../../parts/format.ts";
import { Mark } from "../../../../parts/outcome.tsx";
import { DECISIONS, rowsOf } from "../matrix.ts";
import { shadowHeadlines } from "../rollouts.ts";
import styles from "../traffic.module.css";
import { LOOKS } from "./headlines.tsx";
import { MatrixTable } from "./matrix_table.tsx";

export function ShadowView({ figures }: { figures: ShadowFigures }) {
  return (
    <div className={styles.halves}>
      <ul className={styles.headlines} aria-label="What the shadow decided otherwise">
        {shadowHeadlines(figures).map((one) => (
          <li key={one.kind} className={styles.headline} data-kind={one.count > 0 ? one.kind : undefined}>
            <span className={styles.count}>{number(one.count)}</span>
            <span>{one.title}</span>
            <Mark {...LOOKS[one.kind]} />
          </li>
        ))}
      </ul>
      <div className={styles.numbers}>
        <MatrixTable
          label="Decisions of both versions"
          corner="live ↓ shadow →"
          columns={DECISIONS}
          rows={rowsOf(figures.matrix)}
        >
          {(cell) => <span className={cell.count > 0 ? styles.plainCell : styles.zero}>{number(cell.count)}</span>}
        </MatrixTable>
        <Guesses figures={figures} />
      </div>
    </div>
  );
}

function Guesses({ figures }: { figures: ShadowFigures }) {
  const said = [
    figures.simulated > 0 &&
      `${plural(figures.simulated, "call")} had an effect that was only simulated: what came after it is a guess.`,
    figures.dropped > 0 && `It was not run on ${plural(figures.dropped, "call")}, because it could not keep up.`,
  ].filter((sentence) => sentence !== false);
  return said.length > 0 ? <p className={styles.dim}>{said.join(" ")}</p> : null;
}
