// Figures of invocations over time: how many, how they ended, how long they took.
import { queryOptions } from "@tanstack/react-query";
import type { FigureKey, FigureMetric, FigureSeries, Figures } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { FigureKey, FigureMetric, FigureSeries, Figures };

/** Of which invocations; the last 24 hours without a time. */
export type FigureFilter = { hook?: string; from?: string; to?: string };

/** Counting reads many records: what was counted a minute ago is good enough. */
const FRESH_MS = 60_000;

export const figures = (place: Place, metric: FigureMetric, by: FigureKey, filter: FigureFilter) =>
  queryOptions({
    queryKey: [place.project, place.environment, "figures", metric, by, filter],
    staleTime: FRESH_MS,
    queryFn: ({ signal }): Promise<FigureSeries> => {
      const params = { path: place, query: { ...filter, metric, by } };
      return ok(api.GET(`${ENVIRONMENT}/figures`, { params, signal }));
    },
  });
