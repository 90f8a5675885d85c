// The tables of the project's own database.
import { useQuery } from "@tanstack/react-query";
import { type DatabaseTable, databaseTables } from "../../api/queries/database.ts";
import { CodeBlock } from "../../parts/code.tsx";
import { Bytes, Num } from "../../parts/figures.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { DatabaseTabs } from "./parts/database_tabs.tsx";

export function Database() {
  const place = usePlace();
  const query = useQuery(databaseTables(place));
  return (
    <Page title="Database" tabs={<DatabaseTabs />}>
      <Lead>The tables that hooks of this environment read and write. Migrations make and change them.</Lead>
      <Answer
        query={query}
        what="the tables"
        skeleton={<Skeleton rows={6} />}
        isEmpty={(tables) => tables.length === 0}
        empty={
          <Empty sentence="There is no table yet. A migration of a hook project makes one; it is applied by the next deployment.">
            <CodeBlock label="A migration" code={MIGRATION} />
          </Empty>
        }
      >
        {(tables) => (
          <Table
            label="Tables"
            rows={tables}
            rowKey={(table) => table.name}
            columns={COLUMNS}
            open={(table) => ({
              to: "/p/$project/$environment/database/tables/$table",
              params: { ...place, table: table.name },
            })}
          />
        )}
      </Answer>
    </Page>
  );
}

const MIGRATION = `-- migrations/0001_orders.sql
CREATE TABLE orders (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, total INTEGER NOT NULL);`;

const COLUMNS: Column<DatabaseTable>[] = [
  { key: "name", title: "Name", phone: "main", cell: (table) => <code>{table.name}</code> },
  { key: "kind", title: "Kind", width: "112px", phone: "second", cell: (table) => table.kind },
  {
    key: "rows",
    title: "Rows, about",
    width: "144px",
    align: "end",
    phone: "side",
    cell: (table) => <Num n={table.rows} />,
  },
  {
    key: "bytes",
    title: "Size, about",
    width: "144px",
    align: "end",
    phone: "hidden",
    cell: (table) => <Bytes n={table.bytes} />,
  },
];
