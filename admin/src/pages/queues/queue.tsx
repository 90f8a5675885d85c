// One queue: how deep it is, who handles it, and its jobs, the dead ones first to see.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type JobState, jobs, type QueueCounts, queues } from "../../api/queries/queues.ts";
import { FactGrid } from "../../parts/fact_grid.tsx";
import { Num, Time } from "../../parts/figures.tsx";
import { Link } from "../../parts/link.tsx";
import { List } from "../../parts/list.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Empty, Skeleton } from "../../parts/states.tsx";
import { Tag } from "../../parts/tag.tsx";
import { Consumer } from "./parts/consumer.tsx";
import { JOB_COLUMNS, JOB_STATES } from "./parts/job_columns.tsx";
import { JobView } from "./parts/job_view.tsx";
import { KINDS, readName } from "./parts/names.ts";
import { RequeueAll } from "./parts/requeue_all.tsx";

const route = getRouteApi("/frame/p/$project/$environment/queues/$queue");

export function Queue() {
  const params = route.useParams();
  const { queue } = params;
  const place = usePlace();
  const name = readName(queue);
  const counts = useQuery({ ...queues(place), select: (list) => list.find((one) => one.name === queue) });
  return (
    <Page
      title={name.title}
      isCode
      tags={<Tag>{KINDS[name.kind]}</Tag>}
      actions={<RequeueAll queue={queue} dead={counts.data?.dead ?? 0} />}
      back={
        <Link to="/p/$project/$environment/queues" params={params}>
          Queues
        </Link>
      }
    >
      <Depth of={counts.data} isPending={counts.isPending} />
      <Jobs queue={queue} />
    </Page>
  );
}

function Depth({ of, isPending }: { of: QueueCounts | undefined; isPending: boolean }) {
  if (isPending) return <Skeleton kind="text" rows={1} />;
  return (
    <FactGrid
      facts={[
        { name: "Handled by", value: of ? <Consumer of={of} /> : "–" },
        { name: "Waiting", value: <Num n={of?.waiting ?? 0} /> },
        of?.oldestWaitingAt != null && { name: "Oldest waiting", value: <Time at={of.oldestWaitingAt} /> },
        { name: "Running", value: <Num n={of?.running ?? 0} /> },
        { name: "Done", value: <Num n={of?.done ?? 0} /> },
        { name: "Dead", value: <Num n={of?.dead ?? 0} /> },
      ]}
    />
  );
}

function Jobs({ queue }: { queue: string }) {
  const place = usePlace();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { state, before } = search;
  const filter = { queue, ...(state ? { state: state as JobState } : {}) };
  const query = useQuery({ ...jobs(place, filter, before), placeholderData: keepPreviousData });
  return (
    <List
      what="jobs"
      query={query}
      rowsOf={(page) => page.jobs}
      columns={JOB_COLUMNS}
      filters={FILTERS}
      search={search}
      go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
      empty={<Empty sentence="The queue is empty: jobs that are done are kept for a while, and then deleted." />}
      panel={{
        param: "job",
        title: "Job",
        page: (job) => ({ to: "/p/$project/$environment/queues/$queue/jobs/$job", params: { ...place, queue, job } }),
        show: (job) => <JobView id={job} />,
      }}
    />
  );
}

const FILTERS = [{ name: "state", label: "State", kind: "choice", options: JOB_STATES, isMain: true }] as const;
