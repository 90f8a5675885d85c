// Queues of an environment: how many jobs wait, run, are done and are dead, and which hook handles them.
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { type QueueCounts, queues } from "../../api/queries/queues.ts";
import { Num, Time } from "../../parts/figures.tsx";
import { plural } from "../../parts/format.ts";
import { Mark } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tag } from "../../parts/tag.tsx";
import { HooksTabs } from "../hooks/parts/hooks_tabs.tsx";
import { Consumer } from "./parts/consumer.tsx";
import { KINDS, readName } from "./parts/names.ts";
import styles from "./queues.module.css";

export function Queues() {
  const place = usePlace();
  const query = useQuery(queues(place));
  return (
    <Page
      title="Queues"
      lead="Background work: messages that hooks enqueue, events for script hooks, and schedules that are due."
      tabs={<HooksTabs />}
    >
      <Answer
        query={query}
        what="the queues"
        isEmpty={(list) => list.length === 0}
        empty={
          <Empty sentence="There is no job. A queue begins with the first message that a hook enqueues, the first event for a script hook, or the first due schedule." />
        }
      >
        {(list) => <List of={list} />}
      </Answer>
    </Page>
  );
}

function List({ of }: { of: QueueCounts[] }) {
  const place = usePlace();
  const dead = of.reduce((sum, queue) => sum + queue.dead, 0);
  return (
    <>
      {dead > 0 && (
        <p className={styles.dead}>
          <Mark tone="fail" shape="triangle" /> {plural(dead, "dead job")}: all attempts failed. They are kept until
          they are requeued or expire.
        </p>
      )}
      <Table
        label="Queues"
        rows={of}
        rowKey={(queue) => queue.name}
        columns={COLUMNS}
        open={(queue) =>
          linkOptions({ to: "/p/$project/$environment/queues/$queue", params: { ...place, queue: queue.name } })
        }
      />
    </>
  );
}

const counts = (["waiting", "running", "done"] as const).map((key) => ({
  key,
  title: key.charAt(0).toUpperCase() + key.slice(1),
  width: "78px",
  align: "end" as const,
  phone: "hidden" as const,
  cell: (queue: QueueCounts) => <Num n={queue[key]} />,
}));

const COLUMNS: Column<QueueCounts>[] = [
  {
    key: "name",
    title: "Queue",
    phone: "main",
    cell: (queue) => <span className={styles.name}>{readName(queue.name).title}</span>,
  },
  {
    key: "kind",
    title: "Kind",
    width: "104px",
    phone: "side",
    cell: ({ name }) => <Tag>{KINDS[readName(name).kind]}</Tag>,
  },
  { key: "hook", title: "Handled by", phone: "second", cell: (queue) => <Consumer of={queue} /> },
  {
    key: "oldest",
    title: "Oldest waiting",
    width: "116px",
    phone: "second",
    cell: (queue) => queue.oldestWaitingAt && <Time at={queue.oldestWaitingAt} />,
  },
  ...counts,
  {
    key: "dead",
    title: "Dead",
    width: "78px",
    align: "end",
    phone: "second",
    cell: (queue) =>
      queue.dead > 0 ? (
        <span className={styles.alarm}>
          <Mark tone="fail" shape="triangle" word="dead" /> <Num n={queue.dead} />
        </span>
      ) : (
        <Num n={0} />
      ),
  },
];
