// The schedules of an environment: when each is due next, what came of the last time, and running one now.
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { type Schedule, schedules } from "../../api/queries/schedules.ts";
import { Time } from "../../parts/figures.tsx";
import { exact } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { Status } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Countdown } from "../deliveries/parts/countdown.tsx";
import { HooksTabs } from "../hooks/parts/hooks_tabs.tsx";
import { RunNow } from "./parts/run_now.tsx";
import styles from "./schedules.module.css";

export function Schedules() {
  const place = usePlace();
  const query = useQuery(schedules(place));
  return (
    <Page
      title="Schedules"
      lead="Handlers of the live hooks that run at fixed times, in UTC. Each due time becomes one job, however many servers there are."
      tabs={<HooksTabs />}
    >
      <Answer
        query={query}
        what="the schedules"
        isEmpty={(list) => list.length === 0}
        empty={
          <Empty sentence="No live hook has a schedule. A script hook declares one in its config, with a handler of the same name." />
        }
      >
        {(list) => (
          <Table
            label="Schedules"
            rows={list}
            rowKey={(one) => one.queue}
            columns={COLUMNS}
            open={(one) =>
              linkOptions({ to: "/p/$project/$environment/queues/$queue", params: { ...place, queue: one.queue } })
            }
          />
        )}
      </Answer>
    </Page>
  );
}

const COLUMNS: Column<Schedule>[] = [
  { key: "name", title: "Schedule", phone: "main", cell: (one) => <span className={styles.name}>{one.name}</span> },
  {
    key: "pattern",
    title: "Pattern (UTC)",
    width: "132px",
    phone: "second",
    cell: (one) => <code className={styles.pattern}>{one.pattern}</code>,
  },
  { key: "hook", title: "Hook", phone: "second", cell: (one) => <HookOf of={one} /> },
  { key: "next", title: "Next times", width: "210px", phone: "second", cell: (one) => <Next of={one} /> },
  { key: "last", title: "Last run", width: "210px", phone: "second", cell: (one) => <LastRun of={one} /> },
  {
    key: "acts",
    title: "Run now",
    isTitleHidden: true,
    width: "110px",
    align: "end",
    phone: "side",
    cell: (one) => <RunNow of={one} />,
  },
];

function HookOf({ of }: { of: Schedule }) {
  const params = { ...usePlace(), hook: of.hook };
  return (
    <>
      <Link to="/p/$project/$environment/hooks/$hook/code" params={params}>
        {of.hook}
      </Link>{" "}
      {of.state === "disabled" && <Status of="disabled" />}
    </>
  );
}

function Next({ of }: { of: Schedule }) {
  const [first, ...later] = of.nextAt;
  if (of.state === "disabled" || !first) return <span className={styles.none}>none while it is disabled</span>;
  return (
    <span title={later.length > 0 ? `then ${later.map((at) => exact(at)).join(", ")}` : undefined}>
      <Countdown to={first} />
      {later[0] && (
        <span className={styles.then}>
          , then <Time at={later[0]} />
        </span>
      )}
    </span>
  );
}

function LastRun({ of }: { of: Schedule }) {
  const place = usePlace();
  const last = of.lastRun;
  if (!last) return <span className={styles.none}>not run yet</span>;
  const words = (
    <>
      <Status of={last.state} /> <Time at={last.at} />
    </>
  );
  if (!last.invocation) return <span title={last.error ?? undefined}>{words}</span>;
  return (
    <Link
      className={styles.last ?? ""}
      to="/p/$project/$environment/calls/$invocation"
      params={{ ...place, invocation: last.invocation }}
      title={last.error ?? undefined}
    >
      {words}
    </Link>
  );
}
