// How much hooks do: invocations by outcome, how long they take, and which hooks they are of.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FigureFilter, type FigureSeries, figures } from "../../api/queries/figures.ts";
import { Chart, WaitingChart } from "../../parts/chart.tsx";
import { Choice } from "../../parts/choice.tsx";
import { FilterBar } from "../../parts/filter_bar.tsx";
import { dayAndTime, duration } from "../../parts/format.ts";
import { ButtonLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer } from "../../parts/states.tsx";
import { HookTable } from "./parts/hook_table.tsx";
import { byOutcome, KINDS, summary, timesOf, WORDS } from "./parts/outcomes.ts";
import { RANGES, rangeOf, timeOf } from "./parts/ranges.ts";

const route = getRouteApi("/frame/p/$project/$environment/usage");

const FILTERS = [
  { name: "hook", label: "Hook", kind: "text", isMain: true, placeholder: "Name of a hook" },
  { name: "from", label: "From", kind: "moment" },
  { name: "to", label: "Until", kind: "moment" },
] as const;

const OUTCOMES = "Invocations by outcome";
const TIMES = "Time of invocations, 95th percentile";

type OnRange = (from: number, to: number) => void;

export function Usage() {
  const place = usePlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { hook, from, to } = search;
  const filter: FigureFilter = { ...(hook ? { hook } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const change = (patch: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    navigate({ search: (now) => ({ ...now, ...patch }) });
  const onRange: OnRange = (begin, end) =>
    change({ from: new Date(begin).toISOString(), to: new Date(end).toISOString() });
  return (
    <Page
      title="Usage"
      lead="Counted from the records of invocations, as long as they are kept."
      actions={
        <ButtonLink to="/p/$project/$environment/calls" params={place} search={{ hook, from, to }}>
          Open these invocations
        </ButtonLink>
      }
    >
      <FilterBar filters={FILTERS} value={search} onChange={(patch) => change(patch)}>
        <Choice
          label="Time"
          options={RANGES}
          value={rangeOf(from, to)}
          onChange={(range) => change({ from: undefined, to: undefined, ...timeOf(range, Date.now()) })}
        />
      </FilterBar>
      <Outcomes filter={filter} onRange={onRange} />
      <Times filter={filter} onRange={onRange} />
      {!hook && <HookTable filter={filter} />}
    </Page>
  );
}

type Props = { filter: FigureFilter; onRange: OnRange };

/** What needs somebody stands at the bottom, where it is compared most easily. */
const STACK = [...KINDS].reverse();

const TONES = { allow: "allow", patch: "patch", deny: "deny", failure: "fail" } as const;

function Outcomes({ filter, onRange }: Props) {
  const place = usePlace();
  const query = useQuery({ ...figures(place, "calls", "outcome", filter), placeholderData: keepPreviousData });
  return (
    <Answer query={query} what="the figures" skeleton={<WaitingChart label={OUTCOMES} />}>
      {(series) => {
        const made = byOutcome(series);
        return (
          <Chart
            label={OUTCOMES}
            kind="bars"
            summary={said(summary(made, dayAndTime), series)}
            times={made.times}
            series={STACK.filter((kind) => made.totals[kind] > 0).map((kind) => ({
              name: WORDS[kind],
              tone: TONES[kind],
              values: made.values[kind],
            }))}
            onRange={onRange}
          />
        );
      }}
    </Answer>
  );
}

function Times({ filter, onRange }: Props) {
  const place = usePlace();
  const query = useQuery({ ...figures(place, "p95", "all", filter), placeholderData: keepPreviousData });
  return (
    <Answer query={query} what="the figures" skeleton={<WaitingChart label={TIMES} />}>
      {(series) => {
        const values = series.series[0]?.values ?? [];
        const longest = Math.max(0, ...values.map((value) => value ?? 0));
        return (
          <Chart
            label={TIMES}
            summary={
              longest === 0
                ? "Nothing was measured in this time."
                : said(`95 of 100 took less than ${duration(longest)} in the slowest step.`, series)
            }
            times={timesOf(series)}
            series={[{ name: "p95", tone: "neutral", values, shown: duration }]}
            onRange={onRange}
          />
        );
      }}
    </Answer>
  );
}

function said(sentence: string, { isComplete }: FigureSeries): string {
  return isComplete ? sentence : `${sentence} Of more than 50,000 invocations, the newest are counted.`;
}
