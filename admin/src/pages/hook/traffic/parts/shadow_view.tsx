// What a shadow decided beside the live version: counts in words, then the matrix.
import type { ShadowFigures } from "../../../../../../docs/openapi.d.ts";
import { number, plural } from "../../../../parts/format.ts";
import { Mark } from "../../../../parts/outcome.tsx";
import { COLUMNS, rowsOf } from "../matrix.ts";
import { shadowHeadlines } from "../rollouts.ts";
import styles from "../traffic.module.css";
import { LOOKS } from "./headlines.tsx";

export function ShadowView({ figures }: { figures: ShadowFigures }) {
  const rows = rowsOf(figures.matrix);
  const columns = COLUMNS.filter((column) => column !== "unknown");
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
        {rows.length > 0 && (
          <div className={styles.matrixScroll}>
            <table className={styles.matrix} aria-label="Decisions of both versions">
              <thead>
                <tr>
                  <th scope="col" className={styles.corner}>
                    live ↓ shadow →
                  </th>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.from}>
                    <th scope="row">{row.from}</th>
                    {row.cells
                      .filter((cell) => cell.to !== "unknown")
                      .map((cell) => (
                        <td key={cell.to} data-kind={cell.count > 0 ? cell.kind : undefined}>
                          <span className={cell.count > 0 ? styles.plainCell : styles.zero}>{number(cell.count)}</span>
                        </td>
                      ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
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
