// One table: its rows, page by page, and how it is built.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type DatabaseTableDetail, databaseTable, tableRows } from "../../api/queries/database.ts";
import { plural } from "../../parts/format.ts";
import { useKeyset } from "../../parts/keyset.ts";
import { ButtonLink, Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty, NoMatch, Skeleton } from "../../parts/states.tsx";
import { Pager } from "../../parts/table.tsx";
import { RouteTabs } from "../../parts/tabs.tsx";
import { ConditionBar } from "./parts/condition_bar.tsx";
import { readConditions, writeConditions } from "./parts/conditions.ts";
import { quoted } from "./parts/identifier.ts";
import { ResultGrid } from "./parts/result_grid.tsx";
import { TableShape } from "./parts/table_shape.tsx";

const route = getRouteApi("/frame/p/$project/$environment/database/tables/$table");
const IN_ORDER = {
  newer: "Previous",
  older: "Next",
  first: "These are the first rows",
  last: "These are the last rows",
};
const TO = "/p/$project/$environment/database/tables/$table";

export function TablePage() {
  const place = usePlace();
  const { table: name } = route.useParams();
  const { tab } = route.useSearch();
  const query = useQuery(databaseTable(place, name));
  const params = { ...place, table: name };
  return (
    <Page
      title={name}
      isCode
      back={
        <Link to="/p/$project/$environment/database" params={place}>
          Tables
        </Link>
      }
      lead={query.data && sizeOf(query.data)}
      actions={
        <ButtonLink
          to="/p/$project/$environment/database/query"
          params={place}
          search={{ sql: `SELECT * FROM ${quoted(name)}` }}
          icon="code"
        >
          Query it
        </ButtonLink>
      }
      tabs={
        <RouteTabs
          label="Parts of the table"
          tabs={[
            { title: "Rows", to: TO, params, search: {}, isCurrent: tab !== "columns" },
            { title: "Columns", to: TO, params, search: { tab: "columns" }, isCurrent: tab === "columns" },
          ]}
        />
      }
    >
      <Answer query={query} what="the table" skeleton={<Skeleton rows={8} />}>
        {(table) => (tab === "columns" ? <TableShape table={table} /> : <Rows table={table} />)}
      </Answer>
    </Page>
  );
}

function sizeOf({ table }: DatabaseTableDetail): string {
  if (table.kind === "view") return "A view: it shows rows of tables.";
  return table.rows === null ? "" : `About ${plural(table.rows, "row")}.`;
}

function Rows({ table }: { table: DatabaseTableDetail }) {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const conditions = readConditions(search.filter);
  const filter = writeConditions(conditions);
  const query = useQuery({
    ...tableRows(
      place,
      table.table.name,
      { ...(filter ? { filter } : {}), order: search.order ?? "asc" },
      search.after,
    ),
    placeholderData: keepPreviousData,
  });
  const pages = useKeyset(search.after, query.data?.next, `${filter} ${search.order}`, (after) =>
    navigate({ search: (now) => ({ ...now, after }) }),
  );
  const change = (next: { filter?: string | undefined; order?: "desc" | undefined }) =>
    navigate({ search: (now) => ({ ...now, ...next, after: undefined }), replace: true });
  return (
    <>
      <ConditionBar
        columns={table.columns}
        conditions={conditions}
        onChange={(next) => change({ filter: writeConditions(next) })}
        order={search.order}
        onOrder={(order) => change({ order })}
      />
      <Answer
        query={query}
        what="the rows"
        skeleton={<Skeleton rows={10} />}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          conditions.length > 0 ? (
            <NoMatch what="rows" onClear={() => change({ filter: undefined })} />
          ) : (
            <Empty sentence="The table has no rows." />
          )
        }
      >
        {(page) => (
          <>
            <ResultGrid label={`Rows of ${table.table.name}`} columns={page.columns} rows={page.rows} />
            <Pager {...pages} shown={page.rows.length} words={IN_ORDER} />
          </>
        )}
      </Answer>
    </>
  );
}
