// What the transaction of a request left: events, jobs, mails, and the deliveries of its events.
import { linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RequestTrace } from "../../../api/queries/requests.ts";
import { Time } from "../../../parts/figures.tsx";
import type { Target } from "../../../parts/link.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { type Column, Table } from "../../../parts/table.tsx";
import { readName } from "../../queues/parts/names.ts";
import styles from "./aftermath.module.css";

type Row = { id: string; kind: string; name: string; state: ReactNode; at: string; open: Target | undefined };

export function Aftermath({ of }: { of: RequestTrace }) {
  const rows = useRows(of);
  if (rows.length === 0) return null;
  return (
    <Section title="What it left" lead="Stored with the commit, and sent or run afterwards.">
      <Table
        label="What it left"
        isCompact
        rows={rows}
        rowKey={(row) => row.id}
        columns={COLUMNS}
        open={(row) => row.open as Target}
      />
    </Section>
  );
}

function useRows(of: RequestTrace): Row[] {
  const place = usePlace();
  const events = of.events.map((one) => ({
    id: one.id,
    kind: "Event",
    name: one.type,
    state: null,
    at: one.time,
    open: linkOptions({ to: "/p/$project/$environment/events/$event", params: { ...place, event: one.id } }),
  }));
  const jobs = of.jobs.map((one) => ({
    id: one.id,
    kind: "Job",
    name: readName(one.queue).title,
    state: <Status of={one.state} />,
    at: one.createdAt,
    open: linkOptions({
      to: "/p/$project/$environment/queues/$queue/jobs/$job",
      params: { ...place, queue: one.queue, job: one.id },
    }),
  }));
  const mails = of.mails.map((one) => ({
    id: one.id,
    kind: "Mail",
    name: one.to,
    state: <Status of={one.state} />,
    at: one.createdAt,
    open: linkOptions({ to: "/p/$project/$environment/mails/$mail", params: { ...place, mail: one.id } }),
  }));
  const deliveries = of.deliveries.map((one) => ({
    id: one.id,
    kind: "Delivery",
    name: one.type,
    state: <Status of={one.state} />,
    at: one.createdAt,
    open: linkOptions({
      to: "/p/$project/$environment/deliveries",
      params: place,
      search: { event: one.event, delivery: one.id },
    }),
  }));
  return [...events, ...jobs, ...mails, ...deliveries];
}

const COLUMNS: Column<Row>[] = [
  { key: "name", title: "What", phone: "main", cell: (row) => <span className={styles.name}>{row.name}</span> },
  { key: "kind", title: "Kind", width: "110px", phone: "second", cell: (row) => row.kind },
  { key: "state", title: "State", width: "130px", phone: "side", cell: (row) => row.state },
  { key: "at", title: "Time", width: "130px", phone: "second", cell: (row) => <Time at={row.at} as="stamp" /> },
];
