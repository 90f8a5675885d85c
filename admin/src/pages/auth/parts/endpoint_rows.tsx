// Endpoints as rows: the first cell is the link, and the whole row is a target for the pointer.
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { usePlace } from "../../../parts/place.ts";
import { type Column, Table } from "../../../parts/table.tsx";
import { Day } from "./day.tsx";
import styles from "./endpoint_rows.module.css";
import { operationOf } from "./grouping.ts";
import { Places } from "./places.tsx";

type Props = { label: string; of: readonly EndpointWithHooks[] };

export function EndpointRows({ label, of }: Props) {
  const place = usePlace();
  return (
    <div className={styles.rows}>
      <Table
        label={label}
        rows={of}
        rowKey={operationOf}
        columns={COLUMNS}
        open={(one) => ({
          to: "/p/$project/$environment/auth/$operation",
          params: { ...place, operation: operationOf(one) },
        })}
      />
    </div>
  );
}

const COLUMNS: Column<EndpointWithHooks>[] = [
  {
    key: "endpoint",
    title: "Endpoint",
    width: "21%",
    phone: "main",
    cell: (one) => (
      <span className={styles.endpoint}>
        <span>{one.summary}</span>
        <span className={styles.path}>
          {one.method} {one.path}
        </span>
      </span>
    ),
  },
  {
    key: "hooks",
    title: "Lifecycle hooks",
    phone: "second",
    cell: (one) => (
      <Places
        label="Lifecycle hooks"
        none="No hook points"
        of={one.hooks.map((point) => ({ ...point, name: point.point }))}
      />
    ),
  },
  {
    key: "events",
    title: "Project events",
    width: "25%",
    phone: "second",
    cell: (one) => <Places label="Project events" none="No events" of={one.events} />,
  },
  {
    key: "day",
    title: "Last 24 hours",
    width: "176px",
    phone: "second",
    cell: (one) => <Day of={one} />,
  },
];
