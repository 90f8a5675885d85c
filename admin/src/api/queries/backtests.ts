// Backtests: one version of a hook on many recorded invocations, with the decisions then and now.
import { queryOptions } from "@tanstack/react-query";
import type { Backtest, PostBacktestsPlanRequest, PostBacktestsRequest } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type BacktestFilter = NonNullable<PostBacktestsRequest["filter"]>;
export type RowFilter = {
  kind?: "same" | "now_denied" | "now_allowed" | "new_failure" | "other" | "unknown";
  from?: "allow" | "patch" | "deny" | "failure" | "unknown";
  to?: "allow" | "patch" | "deny" | "failure" | "unknown";
};

/** The last 20 of an environment, newest first. */
export const backtestsOf = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "backtests"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/backtests`, { params: { path: place }, signal })),
  });

/** One, read again every second while it runs. */
export const backtestOf = (place: Place, backtest: string) =>
  queryOptions({
    queryKey: [place.project, place.environment, "backtests", backtest],
    queryFn: ({ signal }): Promise<Backtest> =>
      ok(api.GET(`${ENVIRONMENT}/backtests/{backtest}`, { params: { path: { ...place, backtest } }, signal })),
    refetchInterval: ({ state }): number | false => (state.data?.state === "running" ? 700 : false),
  });

/** How many recorded invocations there are to run on. */
export const backtestPlan = (place: Place, body: PostBacktestsPlanRequest) =>
  queryOptions({
    queryKey: [place.project, place.environment, "backtests", "plan", body],
    queryFn: ({ signal }) => ok(api.POST(`${ENVIRONMENT}/backtests/plan`, { params: { path: place }, body, signal })),
  });

/** The invocations of a backtest, a page of them. */
export const backtestRows = (
  place: Place,
  backtest: string,
  filter: RowFilter,
  after: string | undefined,
  done: number,
) =>
  queryOptions({
    queryKey: [place.project, place.environment, "backtests", backtest, "rows", filter, after ?? null, done],
    queryFn: ({ signal }) => {
      const query = { ...filter, limit: 25, ...(after && { after }) };
      const params = { path: { ...place, backtest }, query };
      return ok(api.GET(`${ENVIRONMENT}/backtests/{backtest}/rows`, { params, signal }));
    },
  });

export function startBacktest(place: Place, body: PostBacktestsRequest) {
  return ok(api.POST(`${ENVIRONMENT}/backtests`, { params: { path: place }, body }));
}

export function stopBacktest(place: Place, backtest: string) {
  return ok(api.POST(`${ENVIRONMENT}/backtests/{backtest}/stop`, { params: { path: { ...place, backtest } } }));
}
