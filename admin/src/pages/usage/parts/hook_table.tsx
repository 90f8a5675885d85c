// Which hooks the invocations of a time are of, with how many of them failed.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FigureFilter, type FigureSeries, figures } from "../../../api/queries/figures.ts";
import { Num, PercentOf } from "../../../parts/figures.tsx";
import { number } from "../../../parts/format.ts";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Spark } from "../../../parts/spark.tsx";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { type HookRow, hookRows } from "./hook_rows.ts";

const NO_FAILURES = { series: [] as FigureSeries["series"] } as FigureSeries;

export function HookTable({ filter }: { filter: FigureFilter }) {
  const place = usePlace();
  const calls = useQuery({ ...figures(place, "calls", "hook", filter), placeholderData: keepPreviousData });
  const failures = useQuery({ ...figures(place, "failures", "hook", filter), placeholderData: keepPreviousData });
  return (
    <Section title="Hooks">
      <Answer
        query={calls}
        what="the figures"
        skeleton={<Skeleton rows={4} />}
        isEmpty={({ series }) => series.every((one) => one.calls === 0)}
        empty={<Empty sentence="No hook ran in this time." />}
      >
        {(counted) => (
          <Table
            label="Hooks"
            rows={hookRows(counted, failures.data ?? NO_FAILURES)}
            rowKey={(row) => row.hook ?? ""}
            columns={COLUMNS}
            open={({ hook }) => ({
              to: "/p/$project/$environment/calls",
              params: place,
              search: { ...(hook ? { hook } : {}), ...filter },
            })}
          />
        )}
      </Answer>
    </Section>
  );
}

const COLUMNS: Column<HookRow>[] = [
  { key: "hook", title: "Hook", phone: "main", cell: (row) => row.hook ?? "all others" },
  {
    key: "calls",
    title: "Invocations",
    width: "112px",
    align: "end",
    phone: "side",
    cell: (row) => <Num n={row.calls} />,
  },
  {
    key: "trend",
    title: "Over time",
    width: "120px",
    phone: "hidden",
    cell: (row) => (
      <Spark
        values={row.callsOverTime}
        label={`Invocations over time, at most ${mostOf(row.callsOverTime)} in a step`}
      />
    ),
  },
  {
    key: "failures",
    title: "Failures",
    width: "160px",
    align: "end",
    phone: "second",
    cell: (row) => <PercentOf n={row.failures} total={row.calls} />,
  },
  {
    key: "failing",
    title: "Over time",
    width: "120px",
    phone: "hidden",
    cell: (row) =>
      row.failures > 0 && (
        <Spark
          tone="fail"
          values={row.failuresOverTime}
          label={`Failures over time, at most ${mostOf(row.failuresOverTime)} in a step`}
        />
      ),
  },
];

function mostOf(values: readonly number[]): string {
  return number(Math.max(0, ...values));
}
