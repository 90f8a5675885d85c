// What came of a backtest: the counts in words first, then the matrix, then the calls behind each number.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Backtest, BacktestChange } from "../../../../../../docs/openapi.d.ts";
import { backtestOf, stopBacktest } from "../../../../api/queries/backtests.ts";
import { Button } from "../../../../parts/button.tsx";
import { Time } from "../../../../parts/figures.tsx";
import { duration, fuel, number } from "../../../../parts/format.ts";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { Tag } from "../../../../parts/tag.tsx";
import { useDraftIfAny, useHookPage } from "../../draft/draft_context.tsx";
import { reasonsOf } from "../matrix.ts";
import styles from "../traffic.module.css";
import { BacktestRows } from "./backtest_rows.tsx";
import { ofWords } from "./earlier_backtests.tsx";
import { Headlines } from "./headlines.tsx";
import { MatrixView } from "./matrix_view.tsx";

export function BacktestResult({ backtest }: { backtest: Backtest }) {
  const { figures } = backtest;
  return (
    <Section
      title={`${ofWords(backtest)} on ${number(backtest.total)} past calls`}
      lead={<Lead backtest={backtest} />}
      actions={backtest.state === "running" && <Stop backtest={backtest} />}
    >
      <Progress backtest={backtest} />
      <div className={styles.halves}>
        <Headlines figures={figures} />
        <div className={styles.numbers}>
          <MatrixView figures={figures} />
          <p className={styles.costs}>
            <Cost title="Fuel p95" change={figures.fuel} shown={fuel} />
            <Cost title="Time p95" change={figures.timeUs} shown={duration} />
          </p>
          <Reasons reasons={figures.unknownReasons} />
        </div>
      </div>
      <BacktestRows backtest={backtest} />
    </Section>
  );
}

function Lead({ backtest }: { backtest: Backtest }) {
  const { session } = useHookPage();
  const changedAt = useDraftIfAny(session, ({ state }) => state.saved.updatedAt);
  const isOld = backtest.target.version === 0 && changedAt !== null && changedAt > backtest.createdAt;
  return (
    <span className={styles.lead}>
      <Status of={backtest.state} />
      <Time at={backtest.finishedAt ?? backtest.createdAt} />
      <span>Recorded answers; nothing outside was touched.</span>
      {isOld && (
        <Tag tone="deny" title="Edits since then are not in it">
          the draft has changed since
        </Tag>
      )}
      {backtest.reason && <span>{backtest.reason}</span>}
    </span>
  );
}

function Stop({ backtest }: { backtest: Backtest }) {
  const { place } = useHookPage();
  const cache = useQueryClient();
  const stop = useMutation({
    mutationFn: () => stopBacktest(place, backtest.id),
    onSuccess: (stopped: Backtest) => cache.setQueryData(backtestOf(place, backtest.id).queryKey, stopped),
  });
  return (
    <Button icon="stop" onPress={() => stop.mutate()} isPending={stop.isPending}>
      Stop
    </Button>
  );
}

function Progress({ backtest }: { backtest: Backtest }) {
  if (backtest.state !== "running") return null;
  return (
    <div className={styles.progress}>
      <progress max={Math.max(1, backtest.total)} value={backtest.done} aria-label="Calls that were run" />
      <span>
        {number(backtest.done)} of {number(backtest.total)}
      </span>
    </div>
  );
}

type CostProps = { title: string; change: BacktestChange; shown: (value: number) => string };

function Cost({ title, change, shown }: CostProps) {
  const { p95Before, p95After, p95Percent } = change;
  if (p95Before === 0 && p95After === 0) return null;
  const percent = p95Percent === null ? "" : ` (${p95Percent > 0 ? "+" : ""}${number(p95Percent)} %)`;
  return (
    <span>
      {title} {shown(p95Before)} → {shown(p95After)}
      {percent}
    </span>
  );
}

function Reasons({ reasons }: { reasons: Readonly<Record<string, number>> }) {
  const all = reasonsOf(reasons);
  if (all.length === 0) return null;
  return (
    <p className={styles.dim}>
      Unknown: {all.map(({ count, words }) => `${number(count)} ${words}`).join("; ")}. They are counted as nothing
      else.
    </p>
  );
}
