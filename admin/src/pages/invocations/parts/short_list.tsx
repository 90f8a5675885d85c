// A few invocations in a table: attempts of a job, those of a request, those of an endpoint.
import { linkOptions } from "@tanstack/react-router";
import type { Invocation } from "../../../api/queries/invocations.ts";
import { usePlace } from "../../../parts/place.ts";
import { Table } from "../../../parts/table.tsx";
import { COLUMNS, type ColumnKey } from "./columns.tsx";

type Props = { label: string; of: readonly Invocation[]; without?: readonly ColumnKey[] };

export function ShortList({ label, of, without = [] }: Props) {
  const place = usePlace();
  return (
    <Table
      label={label}
      isCompact
      rows={of}
      rowKey={(one) => one.id}
      columns={COLUMNS.filter((column) => !without.includes(column.key))}
      open={(one) =>
        linkOptions({ to: "/p/$project/$environment/calls/$invocation", params: { ...place, invocation: one.id } })
      }
    />
  );
}
