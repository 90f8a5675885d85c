// Rows of the project's database as a grid: wide ones scroll, long values are cut and can be read whole.
import { useState } from "react";
import { Button } from "../../../parts/button.tsx";
import { CopyButton } from "../../../parts/copy.tsx";
import { Dialog } from "../../../parts/dialog.tsx";
import { bytes } from "../../../parts/format.ts";
import { JsonView } from "../../../parts/json.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import { type Cell, readCell, sizeOfBase64 } from "./cell.ts";
import styles from "./result_grid.module.css";

type Props = { label: string; columns: readonly string[]; rows: readonly (readonly unknown[])[] };
type Open = { column: string; cell: Cell; value: unknown } | null;

/** Longer values are cut in the grid. */
const MOST_CHARS = 80;

export function ResultGrid({ label, columns, rows }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const areNumbers = columns.map((_, index) => isNumeric(rows, index));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={label}>
        <table className={styles.grid}>
          <thead>
            <tr>
              {columns.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of a result can have one name twice
                <th key={index} scope="col" className={areNumbers[index] ? styles.end : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no name, and never move
              <tr key={at}>
                {row.map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as the columns
                  <td key={index} className={areNumbers[index] ? styles.end : undefined}>
                    <Value value={value} onOpen={(cell) => setOpen({ column: columns[index] ?? "", cell, value })} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <WholeValue open={open} onClose={() => setOpen(null)} />
    </>
  );
}

/** A column of numbers stands at the right, with its title. */
function isNumeric(rows: Props["rows"], index: number): boolean {
  const kinds = rows.map((row) => readCell(row[index]).kind).filter((kind) => kind !== "null");
  return kinds.length > 0 && kinds.every((kind) => kind === "number");
}

function Value({ value, onOpen }: { value: unknown; onOpen: (cell: Cell) => void }) {
  const cell = readCell(value);
  if (cell.kind === "bytes") {
    return (
      <Button small kind="quiet" onPress={() => onOpen(cell)}>
        binary, {bytes(sizeOfBase64(cell.text))}
      </Button>
    );
  }
  if (cell.text.length <= MOST_CHARS && !cell.text.includes("\n")) {
    return (
      <span className={styles[cell.kind]}>
        <PlainText>{cell.text}</PlainText>
      </span>
    );
  }
  return (
    <span className={styles.cut}>
      <span className={styles[cell.kind]}>
        <PlainText>{`${cell.text.slice(0, MOST_CHARS)}…`}</PlainText>
      </span>
      <Button small kind="quiet" onPress={() => onOpen(cell)}>
        All
      </Button>
    </span>
  );
}

function WholeValue({ open, onClose }: { open: Open; onClose: () => void }) {
  return (
    <Dialog title={open?.column ?? ""} isOpen={open !== null} onClose={onClose} size="l">
      {open?.cell.kind === "json" ? (
        <JsonView value={jsonOf(open.value)} name={open.column} />
      ) : (
        <div className={styles.whole}>
          <CopyButton text={open?.cell.text ?? ""} label="Copy the value" />
          <pre>
            <PlainText>{open?.cell.text ?? ""}</PlainText>
          </pre>
        </div>
      )}
    </Dialog>
  );
}

function jsonOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "json" in value ? value.json : value;
}
