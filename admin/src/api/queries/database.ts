// The project's own database, to be looked at: tables, rows, and statements that only read.
import { queryOptions } from "@tanstack/react-query";
import type {
  DatabaseColumn,
  DatabaseIndex,
  DatabaseQueryResult,
  DatabaseReference,
  DatabaseTable,
  DatabaseTableDetail,
} from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type {
  DatabaseColumn,
  DatabaseIndex,
  DatabaseQueryResult,
  DatabaseReference,
  DatabaseTable,
  DatabaseTableDetail,
};

/** Which rows are shown, and in which order of the primary key. */
export type RowFilter = { filter?: string; order?: "asc" | "desc" };

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "database"];
const at = (place: Place, table: string) => ({ ...place, table });

export const databaseTables = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), "tables"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${ENVIRONMENT}/database/tables`, { params: { path: place }, signal }))).tables,
  });

export const databaseTable = (place: Place, table: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "tables", table],
    queryFn: ({ signal }) =>
      ok(api.GET(`${ENVIRONMENT}/database/tables/{table}`, { params: { path: at(place, table) }, signal })),
  });

/** One page of rows; `after` is the cursor that the page before gave. */
export const tableRows = (place: Place, table: string, filter: RowFilter, after?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "tables", table, "rows", filter, after ?? null],
    queryFn: ({ signal }) => {
      const params = { path: at(place, table), query: { ...filter, after, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/database/tables/{table}/rows`, { params, signal }));
    },
  });

/** Runs one statement in a transaction that cannot write. The audit log keeps it. */
export function runQuery(place: Place, sql: string, limit: number): Promise<DatabaseQueryResult> {
  return ok(api.POST(`${ENVIRONMENT}/database/query`, { params: { path: place }, body: { sql, limit } }));
}
