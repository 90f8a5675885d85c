// One queue: how deep it is, who handles it, and its jobs, the dead ones first to see.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { type JobState, jobs, type QueueCounts, queues } from "../../api/queries/queues.ts";
import { FactGrid } from "../../parts/fact_grid.tsx";
import { Num, Time } from "../../parts/figures.tsx";
import { FilterBar } from "../../parts/filter_bar.tsx";
import { useKeyset } from "../../parts/keyset.ts";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch, Skeleton } from "../../parts/states.tsx";
import { Pager, Table } from "../../parts/table.tsx";
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
  const { state, before, job } = route.useSearch();
  const filter = { queue, ...(state ? { state: state as JobState } : {}) };
  const query = useQuery(jobs(place, filter, before));
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch, before: undefined }) as typeof now, replace: true });
  const pages = useKeyset(
    before,
    query.data?.next,
    JSON.stringify(filter),
    (cursor) => void navigate({ search: (now) => ({ ...now, before: cursor }) as typeof now }),
  );
  return (
    <>
      <FilterBar filters={FILTERS} value={{ state }} onChange={change} />
      <Answer
        query={query}
        what="the jobs"
        isEmpty={(page) => page.jobs.length === 0}
        empty={
          state ? (
            <NoMatch what="jobs" onClear={() => change({ state: undefined })} />
          ) : (
            <Empty sentence="The queue is empty: jobs that are done are kept for a while, and then deleted." />
          )
        }
      >
        {(page) => (
          <>
            <Table
              label="Jobs"
              rows={page.jobs}
              rowKey={(one) => one.id}
              columns={JOB_COLUMNS}
              currentKey={job}
              open={(one) => ({ to: ".", search: (now: object) => ({ ...now, job: one.id }) })}
            />
            <Pager {...pages} shown={page.jobs.length} />
          </>
        )}
      </Answer>
      {job && (
        <SidePanel
          title="Job"
          onClose={() => void navigate({ search: (now) => ({ ...now, job: undefined }) as typeof now })}
          open={linkOptions({
            to: "/p/$project/$environment/queues/$queue/jobs/$job",
            params: { ...place, queue, job },
          })}
        >
          <JobView id={job} />
        </SidePanel>
      )}
    </>
  );
}

const FILTERS = [{ name: "state", label: "State", kind: "choice", options: JOB_STATES, isMain: true }] as const;
