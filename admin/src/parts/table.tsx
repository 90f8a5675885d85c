// Tables of what the server lists: sticky header, columns that do not jump, the first cell is the link, rows by `j` and `k`, two
// lines per row on a phone, and paging by what is newer and older.
import { type MouseEvent, memo, type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import { number } from "./format.ts";
import { type Target, TargetLink } from "./link.tsx";
import { useShortcut } from "./shortcuts.ts";
import styles from "./table.module.css";

export type Column<T> = {
  key: string;
  title: string;
  /** A length or a percentage; without one the column shares what is left. */
  width?: string;
  align?: "start" | "end";
  cell: (row: T) => ReactNode;
  /** Where it is on a phone: first line left or right, second line, or nowhere. */
  phone?: "main" | "side" | "second" | "hidden";
  /** The title is for screen readers: a column of buttons. */
  isTitleHidden?: boolean;
};

type TableProps<T> = {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  open?: (row: T) => Target;
  /** The row whose panel is open. */
  currentKey?: string | undefined;
  isCompact?: boolean;
};

export function Table<T>({ label, columns, rows, rowKey, open, currentKey, isCompact }: TableProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (by: number) => focusRow(body.current, by);
  useShortcut("j", "Next row", () => move(1), { isOn: Boolean(open) && rows.length > 0, group: "Lists" });
  useShortcut("k", "Previous row", () => move(-1), { isOn: Boolean(open) && rows.length > 0, group: "Lists" });
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} ${isCompact ? styles.compact : ""}`} aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={isLength(column.width) ? { width: column.width } : {}} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={styles[column.align ?? "start"]}>
                <span className={column.isTitleHidden ? "hidden-visually" : undefined}>{column.title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row);
            return <Row key={key} row={row} columns={columns} open={open} isCurrent={key === currentKey} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

type RowProps<T> = {
  row: T;
  columns: readonly Column<T>[];
  open: ((row: T) => Target) | undefined;
  isCurrent: boolean;
};

/** Where the columns and `open` stay the same, a row that is there already is not drawn again when others come. */
const Row = memo(TableRow) as typeof TableRow;

function TableRow<T>({ row, columns, open, isCurrent }: RowProps<T>) {
  const target = open?.(row);
  return (
    // The link in the first cell is the way by keyboard; the rest of the row is a larger target for the pointer.
    <tr
      className={target ? styles.opens : undefined}
      aria-current={isCurrent || undefined}
      onClick={target ? openRow : undefined}
    >
      {columns.map((column, index) => {
        const place = column.phone ?? (index === 0 ? "main" : "second");
        return (
          <td key={column.key} className={`${styles[column.align ?? "start"]} ${styles[place]}`}>
            {index === 0 && target ? (
              <TargetLink {...target} className={styles.link ?? ""} data-row-link="">
                {column.cell(row)}
              </TargetLink>
            ) : (
              column.cell(row)
            )}
          </td>
        );
      })}
    </tr>
  );
}

function openRow(event: MouseEvent<HTMLTableRowElement>): void {
  const target = event.target as Element;
  if (target.closest("a, button, input, label, [role=button]") || window.getSelection()?.toString()) return;
  const link = event.currentTarget.querySelector<HTMLAnchorElement>("[data-row-link]");
  if (!link) return;
  if (event.metaKey || event.ctrlKey) window.open(link.href, "_blank", "noreferrer");
  else link.click();
}

function focusRow(body: HTMLElement | null, by: number): void {
  const links = [...(body?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
  const indexOf = (element: Element | null | undefined) => links.indexOf(element as HTMLElement);
  const current = body?.querySelector("[aria-current] [data-row-link]");
  const at = indexOf(document.activeElement);
  const from = at >= 0 ? at : indexOf(current);
  const next = links[from < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(from + by, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function isLength(width: string | undefined): width is string {
  return width !== undefined && /^[\d.]+(px|rem|em|ch|%)$/.test(width);
}

type PagerProps = {
  newer?: (() => void) | undefined;
  older?: (() => void) | undefined;
  /** How many are on the page, and about how many there are. */
  shown?: number;
  about?: number | null;
  /** For rows that have an order of their own instead of an age. */
  words?: { newer: string; older: string; first: string; last: string };
};

const BY_AGE = { newer: "Newer", older: "Older", first: "These are the newest", last: "These are the oldest" };

/** Newer and older; the server pages by keys, so there are no page numbers. */
export function Pager({ newer, older, shown, about, words = BY_AGE }: PagerProps) {
  if (!newer && !older && about === undefined) return null;
  return (
    <nav className={styles.pager} aria-label="Pages of the list">
      <span className={styles.count}>
        {shown !== undefined && number(shown)}
        {about !== undefined && about !== null && ` of about ${number(about)}`}
      </span>
      <Button small icon="left" onPress={() => newer?.()} whyNot={newer ? undefined : words.first}>
        {words.newer}
      </Button>
      <Button small icon="right" onPress={() => older?.()} whyNot={older ? undefined : words.last}>
        {words.older}
      </Button>
    </nav>
  );
}
