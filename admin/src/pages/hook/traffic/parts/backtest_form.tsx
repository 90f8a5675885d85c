// Which recorded invocations a backtest runs on, and how many there are.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BacktestPlan, InvocationOutcome } from "../../../../../../docs/openapi.d.ts";
import { type BacktestFilter, backtestPlan } from "../../../../api/queries/backtests.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Button } from "../../../../parts/button.tsx";
import { SelectField } from "../../../../parts/field.tsx";
import { Time } from "../../../../parts/figures.tsx";
import { number } from "../../../../parts/format.ts";
import { useRights } from "../../../../parts/rights.ts";
import { Answer } from "../../../../parts/states.tsx";
import { outcomes } from "../../../../words/outcomes.ts";
import { useHookPage } from "../../draft/draft_context.tsx";
import styles from "../traffic.module.css";
import { targetWords } from "../use_target.ts";

export type BacktestOrder = { limit: number; filter?: BacktestFilter };

const LIMITS = [100, 1000, 10_000];
const ANY = "any";

type Props = { target: Target; isPending: boolean; onStart: (order: BacktestOrder) => void };

export function BacktestForm({ target, isPending, onStart }: Props) {
  const { place, id, live } = useHookPage();
  const missing = useRights().why("hooks:deploy");
  const [limit, setLimit] = useState(1000);
  const [filter, setFilter] = useState<BacktestFilter>({});
  const isFiltered = Object.keys(filter).length > 0;
  const order: BacktestOrder = { limit, ...(isFiltered && { filter }) };
  const query = useQuery(backtestPlan(place, { hook: id.hook, ...order }));
  const none = query.data?.calls === 0;
  return (
    <section className={styles.form} aria-label="Which calls">
      <div className={styles.choices}>
        <SelectField
          name="limit"
          label="Calls"
          value={String(limit)}
          onChange={(value) => setLimit(Number(value))}
          options={LIMITS.map((one) => ({ value: String(one), title: `The last ${number(one)}` }))}
        />
        <Filters filter={filter} onChange={setFilter} />
        <Button
          kind="primary"
          icon="play"
          onPress={() => onStart(order)}
          isPending={isPending}
          whyNot={missing ?? (none ? "No recorded invocation matches" : undefined)}
        >
          Run on {targetWords(target, live?.number)}
        </Button>
      </div>
      <Answer query={query} what="the number of calls" skeleton={<p className={styles.dim}>Counting…</p>}>
        {(plan) => <PlanWords plan={plan} />}
      </Answer>
    </section>
  );
}

type FiltersProps = { filter: BacktestFilter; onChange: (filter: BacktestFilter) => void };

function Filters({ filter, onChange }: FiltersProps) {
  const { live, summary } = useHookPage();
  const set = (name: keyof BacktestFilter, value: string | number | undefined) => {
    const { [name]: _, ...rest } = filter;
    onChange(value === undefined ? rest : { ...rest, [name]: value });
  };
  const points = live ? [...live.hooks, ...live.events] : [];
  const numbers = Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at);
  const codes = Object.keys(outcomes) as InvocationOutcome[];
  return (
    <>
      {points.length > 1 && (
        <SelectField
          name="point"
          label="Called at"
          value={filter.point ?? ANY}
          onChange={(value) => set("point", value === ANY ? undefined : value)}
          options={[{ value: ANY, title: "Any point" }, ...points.map((point) => ({ value: point, title: point }))]}
        />
      )}
      <SelectField
        name="outcome"
        label="Outcome then"
        value={filter.outcome ?? ANY}
        onChange={(value) => set("outcome", value === ANY ? undefined : value)}
        options={[
          { value: ANY, title: "Any outcome" },
          ...codes.map((code) => ({ value: code, title: outcomes[code]?.word ?? code })),
        ]}
      />
      {numbers.length > 1 && (
        <SelectField
          name="version"
          label="Version then"
          value={filter.version === undefined ? ANY : String(filter.version)}
          onChange={(value) => set("version", value === ANY ? undefined : Number(value))}
          options={[
            { value: ANY, title: "Any version" },
            ...numbers.map((one) => ({ value: String(one), title: `Version ${one}` })),
          ]}
        />
      )}
    </>
  );
}

function PlanWords({ plan }: { plan: BacktestPlan }) {
  if (plan.calls === 0) return <p className={styles.dim}>No recorded invocation matches.</p>;
  const lacking = [
    plan.redacted > 0 && `${number(plan.redacted)} had a one-time code taken out`,
    plan.cut > 0 && `${number(plan.cut)} exceeded the size limit of records`,
    plan.unrepeatable > 0 && `${number(plan.unrepeatable)} cannot be repeated, such as after a timeout`,
    plan.dropped > 0 && `${number(plan.dropped)} were not recorded because the database did not keep up`,
  ].filter(Boolean);
  return (
    <p className={styles.dim}>
      {number(plan.calls)} recorded, {number(plan.replayable)} can be run again
      {lacking.length > 0 ? `; ${lacking.join(", ")}` : ""}. Kept since <Time at={plan.keptSince} />.
    </p>
  );
}
