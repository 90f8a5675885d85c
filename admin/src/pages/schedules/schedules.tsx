// The schedules of an environment: when each is due, and what came of the last time.
import { useQueries, useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { liveHooks } from "../../api/queries/hooks.ts";
import { type JobSummary, jobs } from "../../api/queries/queues.ts";
import { Time } from "../../parts/figures.tsx";
import { Link } from "../../parts/link.tsx";
import { Status } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { HooksTabs } from "../hooks/parts/hooks_tabs.tsx";
import { type Schedule, schedulesOf } from "./parts/rows.ts";
import styles from "./schedules.module.css";

export function Schedules() {
  const place = usePlace();
  const query = useQuery(liveHooks(place));
  return (
    <Page
      title="Schedules"
      lead="Handlers of the live hooks that run at fixed times, in UTC. Each due time becomes one job, however many servers there are."
      tabs={<HooksTabs />}
    >
      <Answer
        query={query}
        what="the schedules"
        isEmpty={(live) => schedulesOf(live.hooks).length === 0}
        empty={
          <Empty sentence="No live hook has a schedule. A script hook declares one in its config, with a handler of the same name." />
        }
      >
        {(live) => <List of={schedulesOf(live.hooks)} />}
      </Answer>
    </Page>
  );
}

type Row = Schedule & { last: JobSummary | undefined };

function List({ of }: { of: Schedule[] }) {
  const place = usePlace();
  const last = useQueries({ queries: of.map((one) => jobs(place, { queue: one.queue })) });
  const rows: Row[] = of.map((one, index) => ({ ...one, last: last[index]?.data?.jobs[0] }));
  return (
    <Table
      label="Schedules"
      rows={rows}
      rowKey={(one) => one.id}
      columns={COLUMNS}
      open={(one) =>
        linkOptions({ to: "/p/$project/$environment/queues/$queue", params: { ...place, queue: one.queue } })
      }
    />
  );
}

const COLUMNS: Column<Row>[] = [
  { key: "name", title: "Schedule", phone: "main", cell: (one) => <span className={styles.name}>{one.name}</span> },
  {
    key: "pattern",
    title: "Pattern (UTC)",
    width: "160px",
    phone: "second",
    cell: (one) => <code>{one.pattern}</code>,
  },
  { key: "hook", title: "Hook", phone: "second", cell: (one) => <HookOf of={one} /> },
  {
    key: "state",
    title: "State",
    width: "110px",
    phone: "side",
    cell: (one) => <Status of={one.isOn ? "enabled" : "disabled"} />,
  },
  {
    key: "last",
    title: "Last run",
    width: "110px",
    phone: "second",
    cell: (one) => one.last && <Status of={one.last.state} />,
  },
  { key: "at", title: "Last due", width: "130px", phone: "second", cell: (one) => <Time at={one.last?.createdAt} /> },
];

function HookOf({ of }: { of: Schedule }) {
  const params = { ...usePlace(), hook: of.hook };
  return (
    <Link to="/p/$project/$environment/hooks/$hook/code" params={params}>
      {of.hook}
    </Link>
  );
}
