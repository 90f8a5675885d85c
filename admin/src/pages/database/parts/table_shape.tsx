// How a table is built: columns, indexes, foreign keys.
import type {
  DatabaseColumn,
  DatabaseIndex,
  DatabaseReference,
  DatabaseTableDetail,
} from "../../../api/queries/database.ts";
import { Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { type Column, Table } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";

export function TableShape({ table }: { table: DatabaseTableDetail }) {
  return (
    <>
      <Section title="Columns">
        <Table label="Columns" rows={table.columns} rowKey={({ name }) => name} columns={COLUMNS} />
      </Section>
      {table.indexes.length > 0 && (
        <Section title="Indexes">
          <Table label="Indexes" rows={table.indexes} rowKey={({ name }) => name} columns={INDEXES} />
        </Section>
      )}
      {table.references.length > 0 && (
        <Section title="Foreign keys">
          <Table
            label="Foreign keys"
            rows={table.references}
            rowKey={(one) => `${one.columns.join(",")} ${one.table}`}
            columns={REFERENCES}
          />
        </Section>
      )}
    </>
  );
}

const COLUMNS: Column<DatabaseColumn>[] = [
  {
    key: "name",
    title: "Name",
    phone: "main",
    cell: (one) => (
      <>
        <code>{one.name}</code> {one.key !== null && <Tag>primary key</Tag>}
      </>
    ),
  },
  { key: "type", title: "Type", width: "176px", phone: "side", cell: (one) => <code>{one.type || "any"}</code> },
  {
    key: "nullable",
    title: "NULL",
    width: "112px",
    phone: "second",
    cell: (one) => (one.nullable ? "allowed" : "refused"),
  },
  { key: "default", title: "Default", phone: "second", cell: (one) => one.default && <code>{one.default}</code> },
];

const INDEXES: Column<DatabaseIndex>[] = [
  { key: "name", title: "Name", phone: "main", cell: (one) => <code>{one.name}</code> },
  {
    key: "columns",
    title: "Columns",
    phone: "second",
    cell: (one) => <code>{one.columns.map((name) => name ?? "(expression)").join(", ")}</code>,
  },
  {
    key: "unique",
    title: "Values",
    width: "144px",
    phone: "side",
    cell: (one) => (one.unique ? "unique" : "may repeat"),
  },
];

const REFERENCES: Column<DatabaseReference>[] = [
  { key: "columns", title: "Columns", phone: "main", cell: (one) => <code>{one.columns.join(", ")}</code> },
  { key: "table", title: "Refers to", phone: "second", cell: (one) => <Target reference={one} /> },
  { key: "delete", title: "When that is deleted", width: "176px", phone: "side", cell: (one) => one.onDelete },
];

function Target({ reference }: { reference: DatabaseReference }) {
  const place = usePlace();
  return (
    <>
      <Link to="/p/$project/$environment/database/tables/$table" params={{ ...place, table: reference.table }}>
        {reference.table}
      </Link>
      {reference.target.length > 0 && <code> ({reference.target.join(", ")})</code>}
    </>
  );
}
