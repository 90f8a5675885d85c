// A list that the server gives page by page: filters in the address, a table, newer and older, and a panel for the row that the address
// names. A page says what its rows are, and what is shown where there are none.
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import type { ApiError } from "../api/errors.ts";
import { type Filter, FilterBar } from "./filter_bar.tsx";
import { useKeyset } from "./keyset.ts";
import type { Target } from "./link.tsx";
import { SidePanel } from "./side_panel.tsx";
import { Answer, NoMatch, Skeleton } from "./states.tsx";
import { type Column, Pager, Table } from "./table.tsx";
import { withNewer } from "./tail.ts";

/** What an address says of a list, beside what only its page reads. */
export type ListSearch = Record<string, unknown> & { before?: string };

export type Change = Record<string, string | true | undefined>;

/** Changes the address; `replace`: without a step for the button Back. */
export type Go = (change: Change, replace: boolean) => void;

type Row = { id: string };

export type Panel<T> = {
  /** The parameter of the address that has the id of the row. */
  param: string;
  title: string | ((row: T | undefined) => string);
  /** The page of the same row. */
  page?: (id: string, row: T | undefined) => Target | undefined;
  show: (id: string, row: T | undefined) => ReactNode;
};

type Props<P, T> = {
  /** What it lists, as in "No mails match these filters." */
  what: string;
  /** Of the table, where it is not what it lists. */
  label?: string;
  query: UseQueryResult<P, ApiError>;
  rowsOf: (page: P) => readonly T[];
  columns: readonly Column<T>[];
  filters?: readonly Filter[];
  search: ListSearch;
  go: Go;
  /** Without filters there is nothing. */
  empty: ReactNode;
  /** The page that a row leads to, where it opens no panel. */
  open?: (row: T) => Target;
  panel?: Panel<T>;
  /** What has happened since the first page was read, newest first, while somebody follows it. */
  newer?: readonly T[] | undefined;
  /** Between filters and table. */
  children?: ReactNode;
};

export function List<P extends { next: string | null }, T extends Row>(props: Props<P, T>) {
  const { what, label, query, rowsOf, columns, filters = [], search, go, empty, newer, panel, children } = props;
  const chosen = filters.filter(({ name }) => search[name] !== undefined);
  const pages = useKeyset(
    search.before,
    query.data?.next,
    JSON.stringify(chosen.map(({ name }) => [name, search[name]])),
    (before) => go({ ...(panel && { [panel.param]: undefined }), before }, false),
  );
  const clear = () =>
    go({ ...Object.fromEntries(chosen.map(({ name }) => [name, undefined])), before: undefined }, true);
  const rows = (page: P) => (newer ? withNewer(rowsOf(page), newer) : rowsOf(page));
  const current = panel && asId(search[panel.param]);
  const param = panel?.param;
  const openPanel = useCallback(
    (row: T): Target => ({ to: ".", search: (now: object) => ({ ...now, ...(param && { [param]: row.id }) }) }),
    [param],
  );
  const open = panel ? openPanel : props.open;
  return (
    <>
      {filters.length > 0 && (
        <FilterBar filters={filters} value={search} onChange={(change) => go({ ...change, before: undefined }, true)} />
      )}
      {children}
      <Answer
        query={query}
        what={`the ${what}`}
        skeleton={<Skeleton rows={12} />}
        isEmpty={(page) => rows(page).length === 0}
        empty={chosen.length > 0 ? <NoMatch what={what} onClear={clear} /> : empty}
      >
        {(page) => (
          <>
            <Table
              label={label ?? what.charAt(0).toUpperCase() + what.slice(1)}
              rows={rows(page)}
              rowKey={(row) => row.id}
              columns={columns}
              currentKey={current}
              {...(open && { open })}
            />
            {!newer && <Pager {...pages} shown={rowsOf(page).length} />}
          </>
        )}
      </Answer>
      {panel && current && (
        <Beside
          panel={panel}
          id={current}
          row={query.data && rows(query.data).find((row) => row.id === current)}
          onClose={() => go({ [panel.param]: undefined }, false)}
        />
      )}
    </>
  );
}

type BesideProps<T> = { panel: Panel<T>; id: string; row: T | undefined; onClose: () => void };

function Beside<T>({ panel, id, row, onClose }: BesideProps<T>) {
  const page = panel.page?.(id, row);
  const shown = panel.show(id, row);
  if (!shown) return null;
  const title = typeof panel.title === "string" ? panel.title : panel.title(row);
  return (
    <SidePanel title={title} onClose={onClose} {...(page && { open: page })}>
      {shown}
    </SidePanel>
  );
}

function asId(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
