// Invocations of an environment: over time, newest first, filtered by the address, as they happen, and the chosen one in a panel.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { histogram, type InvocationFilter, invocations } from "../../api/queries/invocations.ts";
import { type Go, List } from "../../parts/list.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { COLUMNS } from "./parts/columns.tsx";
import { filterOf, useInvocationFilters } from "./parts/filters.ts";
import { Histogram, WaitingHistogram } from "./parts/histogram.tsx";
import { invocationPanel } from "./parts/invocation_panel.tsx";
import { LiveButton } from "./parts/live_button.tsx";
import { NoInvocations } from "./parts/no_invocations.tsx";
import { timeRange } from "./parts/time_range.ts";
import { useInvocationTail } from "./parts/use_invocation_tail.ts";

const route = getRouteApi("/frame/p/$project/$environment/calls");
/** How often the bars are counted anew while somebody follows what is new. */
const BARS_MS = 10_000;

export function Invocations() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { before, live } = search;
  const filter = useMemo(() => filterOf(search), [search]);
  const isLive = live === true && !before;
  const query = useQuery({ ...invocations(place, filter, before), placeholderData: keepPreviousData });
  const tail = useInvocationTail(place, filter, isLive);
  const go: Go = (change, replace) =>
    void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace });
  return (
    <Page
      title="Invocations"
      lead="Every run of a hook, with what went in and out. The newest are first."
      actions={
        <LiveButton
          isOn={isLive}
          state={tail.state}
          onChange={(on) => go({ live: on || undefined, before: undefined }, true)}
        />
      }
    >
      <List
        what="invocations"
        query={query}
        rowsOf={(page) => page.invocations}
        columns={COLUMNS}
        filters={useInvocationFilters()}
        search={search}
        go={go}
        newer={isLive ? tail.rows : undefined}
        empty={<NoInvocations />}
        panel={invocationPanel(place)}
      >
        <OverTime filter={filter} isLive={isLive} onRange={(from, to) => go({ from, to, before: undefined }, false)} />
      </List>
    </Page>
  );
}

type OverTimeProps = { filter: InvocationFilter; isLive: boolean; onRange: (from: string, to: string) => void };

/** The bars are help beside the list: while they are not there, the list is. */
function OverTime({ filter, isLive, onRange }: OverTimeProps) {
  const range = timeRange(filter, Date.now());
  const { data, isPending } = useQuery({
    ...histogram(usePlace(), { ...filter, ...range }),
    refetchInterval: isLive ? BARS_MS : false,
  });
  if (!data) return isPending ? <WaitingHistogram /> : null;
  return (
    <Histogram buckets={data.buckets} stepSeconds={data.stepSeconds} isComplete={data.isComplete} onRange={onRange} />
  );
}
