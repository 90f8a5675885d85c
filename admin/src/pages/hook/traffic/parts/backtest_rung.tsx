// Many recorded invocations, run again on the chosen version: what it would have decided differently.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Backtest } from "../../../../../../docs/openapi.d.ts";
import { backtestOf, backtestsOf, startBacktest } from "../../../../api/queries/backtests.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Answer, Empty, Problem, Skeleton } from "../../../../parts/states.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { trafficRoute } from "../../parts/hook_route.ts";
import { BacktestForm, type BacktestOrder } from "./backtest_form.tsx";
import { BacktestResult } from "./backtest_result.tsx";
import { EarlierBacktests } from "./earlier_backtests.tsx";

export function BacktestRung({ target }: { target: Target }) {
  const { place, id } = useHookPage();
  const { backtest: named } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const list = useQuery(backtestsOf(place));
  const ofHook = (list.data?.backtests ?? []).filter((one) => one.hook === id.hook);
  const shown = named ?? ofHook[0]?.id;
  const show = (backtest: string) =>
    void navigate({ search: (now) => ({ target: now.target, rung: "backtest", backtest }), replace: true });
  const start = useStart(target, show);
  return (
    <>
      <BacktestForm target={target} isPending={start.isPending} onStart={(order) => start.mutate(order)} />
      {start.error && <Problem error={start.error} />}
      <EarlierBacktests list={ofHook} shown={shown} onShow={show} />
      {shown ? (
        <Shown key={shown} backtest={shown} />
      ) : (
        <Answer query={list} what="the backtests">
          {() => <Empty sentence="No backtest of this hook yet. Run one to see what would be decided differently." />}
        </Answer>
      )}
    </>
  );
}

function useStart(target: Target, onStarted: (id: string) => void) {
  const { place, id, session } = useHookPage();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (order: BacktestOrder) => {
      if (target === "draft") await session?.saveNow();
      return startBacktest(place, { hook: id.hook, target, ...order });
    },
    onSuccess: (started: Backtest) => {
      cache.setQueryData(backtestOf(place, started.id).queryKey, started);
      void cache.invalidateQueries({ queryKey: backtestsOf(place).queryKey, exact: true });
      onStarted(started.id);
    },
  });
}

function Shown({ backtest }: { backtest: string }) {
  const { place } = useHookPage();
  const cache = useQueryClient();
  const query = useQuery(backtestOf(place, backtest));
  const state = query.data?.state;
  // The list says how far each is, too.
  useEffect(() => {
    if (state && state !== "running") {
      void cache.invalidateQueries({ queryKey: backtestsOf(place).queryKey, exact: true });
    }
  }, [state, cache, place]);
  return (
    <Answer query={query} what="the backtest" skeleton={<Skeleton rows={6} kind="text" />}>
      {(found) => <BacktestResult backtest={found} />}
    </Answer>
  );
}
