// Invocations of an environment: over time, newest first, filtered by the address, as they happen, and the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { histogram, type InvocationFilter, invocations } from "../../api/queries/invocations.ts";
import { FilterBar } from "../../parts/filter_bar.tsx";
import { useKeyset } from "../../parts/keyset.ts";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, NoMatch } from "../../parts/states.tsx";
import { Pager, Table } from "../../parts/table.tsx";
import { withNewer } from "../events/parts/tail.ts";
import { COLUMNS } from "./parts/columns.tsx";
import { FILTER_NAMES, filterOf, useInvocationFilters } from "./parts/filters.ts";
import { Histogram } from "./parts/histogram.tsx";
import { InvocationView } from "./parts/invocation_view.tsx";
import { LiveButton } from "./parts/live_button.tsx";
import { NoInvocations } from "./parts/no_invocations.tsx";
import { timeRange } from "./parts/time_range.ts";
import { useInvocationTail } from "./parts/use_invocation_tail.ts";

const route = getRouteApi("/frame/p/$project/$environment/calls");
/** How often the bars are counted anew while somebody follows what is new. */
const BARS_MS = 10_000;

type Patch = Record<string, string | true | undefined>;

export function Invocations() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { before, live, call } = search;
  const filter = useMemo(() => filterOf(search), [search]);
  const isLive = live === true && !before;
  const change = (patch: Patch, replace = true) =>
    void navigate({ search: (now) => ({ ...now, before: undefined, ...patch }) as typeof now, replace });
  const tail = useInvocationTail(place, filter, isLive);
  return (
    <Page
      title="Invocations"
      lead="Every run of a hook, with what went in and out. The newest are first."
      actions={<LiveButton isOn={isLive} state={tail.state} onChange={(on) => change({ live: on || undefined })} />}
    >
      <FilterBar filters={useInvocationFilters()} value={search} onChange={change} />
      <OverTime filter={filter} isLive={isLive} onRange={(from, to) => change({ from, to }, false)} />
      <List filter={filter} isLive={isLive} newer={tail.rows} change={change} />
      {call && (
        <SidePanel
          title="Invocation"
          onClose={() => void navigate({ search: (now) => ({ ...now, call: undefined }) as typeof now })}
          open={linkOptions({
            to: "/p/$project/$environment/calls/$invocation",
            params: { ...place, invocation: call },
          })}
        >
          <InvocationView id={call} />
        </SidePanel>
      )}
    </Page>
  );
}

type OverTimeProps = { filter: InvocationFilter; isLive: boolean; onRange: (from: string, to: string) => void };

/** The bars are help beside the list: while they are not there, the list is. */
function OverTime({ filter, isLive, onRange }: OverTimeProps) {
  const range = timeRange(filter, Date.now());
  const { data } = useQuery({
    ...histogram(usePlace(), { ...filter, ...range }),
    refetchInterval: isLive ? BARS_MS : false,
  });
  if (!data) return null;
  return (
    <Histogram buckets={data.buckets} stepSeconds={data.stepSeconds} isComplete={data.isComplete} onRange={onRange} />
  );
}

type ListProps = {
  filter: InvocationFilter;
  isLive: boolean;
  newer: ReturnType<typeof useInvocationTail>["rows"];
  change: (patch: Patch, replace?: boolean) => void;
};

function List({ filter, isLive, newer, change }: ListProps) {
  const { before, call } = route.useSearch();
  const query = useQuery(invocations(usePlace(), filter, before));
  const pages = useKeyset(before, query.data?.next, JSON.stringify(filter), (cursor) =>
    change({ before: cursor }, false),
  );
  const clear = () => change(Object.fromEntries(FILTER_NAMES.map((name) => [name, undefined])));
  return (
    <Answer
      query={query}
      what="the invocations"
      isEmpty={(page) => page.invocations.length + newer.length === 0}
      empty={Object.keys(filter).length > 0 ? <NoMatch what="invocations" onClear={clear} /> : <NoInvocations />}
    >
      {(page) => (
        <>
          <Table
            label="Invocations"
            rows={isLive ? withNewer(page.invocations, newer) : page.invocations}
            rowKey={(one) => one.id}
            columns={COLUMNS}
            currentKey={call}
            open={(one) => ({ to: ".", search: (now: object) => ({ ...now, call: one.id }) })}
          />
          {!isLive && <Pager {...pages} shown={page.invocations.length} />}
        </>
      )}
    </Answer>
  );
}
