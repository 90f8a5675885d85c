// Decisions then (rows) and now (columns). Every number is a filter of the calls below.
import type { BacktestFigures } from "../../../../../../docs/openapi.d.ts";
import { number } from "../../../../parts/format.ts";
import { trafficRoute } from "../../parts/hook_route.ts";
import { type Cell, COLUMNS, rowsOf } from "../matrix.ts";
import styles from "../traffic.module.css";
import { MatrixTable } from "./matrix_table.tsx";

export function MatrixView({ figures }: { figures: BacktestFigures }) {
  return (
    <MatrixTable label="Decisions then and now" corner="then ↓ now →" columns={COLUMNS} rows={rowsOf(figures.matrix)}>
      {(cell) => <CellButton cell={cell} />}
    </MatrixTable>
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
