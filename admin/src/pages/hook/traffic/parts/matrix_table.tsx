// Decisions of one version (rows) beside those of another (columns).
import type { ReactNode } from "react";
import type { Cell, Row } from "../matrix.ts";
import styles from "../traffic.module.css";

type Props = {
  label: string;
  /** What rows and columns are. */
  corner: string;
  columns: readonly Cell["to"][];
  rows: readonly Row[];
  children: (cell: Cell) => ReactNode;
};

export function MatrixTable({ label, corner, columns, rows, children }: Props) {
  if (rows.length === 0) return null;
  return (
    <div className={styles.matrixScroll}>
      <table className={styles.matrix} aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              {corner}
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
                .filter((cell) => columns.includes(cell.to))
                .map((cell) => (
                  <td key={cell.to} data-kind={cell.count > 0 ? cell.kind : undefined}>
                    {children(cell)}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
