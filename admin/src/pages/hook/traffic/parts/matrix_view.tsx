// Decisions then (rows) and now (columns). Every number is a filter of the calls below.
import type { BacktestFigures } from "../../../../../../docs/openapi.d.ts";
import { number } from "../../../../parts/format.ts";
import { trafficRoute } from "../../parts/hook_route.ts";
import { type Cell, COLUMNS, rowsOf } from "../matrix.ts";
import styles from "../traffic.module.css";

export function MatrixView({ figures }: { figures: BacktestFigures }) {
  const rows = rowsOf(figures.matrix);
  if (rows.length === 0) return null;
  return (
    <div className={styles.matrixScroll}>
      <table className={styles.matrix} aria-label="Decisions then and now">
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              then ↓ now →
            </th>
            {COLUMNS.map((column) => (
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
              {row.cells.map((cell) => (
                <td key={cell.to} data-kind={cell.count > 0 ? cell.kind : undefined}>
                  <CellButton cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellButton({ cell }: { cell: Cell }) {
  const { from, to } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  if (cell.count === 0) return <span className={styles.zero}>0</span>;
  const isOn = from === cell.from && to === cell.to;
  return (
    <button
      type="button"
      className={styles.cell}
      aria-pressed={isOn}
      aria-label={`${number(cell.count)} calls: ${cell.from} then, ${cell.to} now`}
      onClick={() =>
        void navigate({
          search: (now) => ({
            ...now,
            kind: undefined,
            after: undefined,
            from: isOn ? undefined : cell.from,
            to: isOn ? undefined : cell.to,
          }),
          replace: true,
        })
      }
    >
      {number(cell.count)}
    </button>
  );
}
