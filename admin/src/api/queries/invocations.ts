// Recorded invocations: a page of the list, the newer ones while somebody watches, and one with everything that went in and out.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HostCall, Invocation, InvocationDetail, LogLine, Recording, Reply } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { HostCall, Invocation, InvocationDetail, LogLine, Reply };

/** Which invocations a list shows, as the server reads it. */
export type InvocationFilter = {
  hook?: string;
  point?: string;
  version?: number;
  outcome?: string;
  mode?: Mode;
  requestId?: string;
  user?: string;
  from?: string;
  to?: string;
  minDurationUs?: number;
};
export type Mode = Invocation["mode"];

const ROWS = 50;
const MOST = 200;

const keyOf = (place: Place) => [place.project, place.environment, "invocations"];

/** One page of the list, newest first; `before` is the last id of the page before. */
export const invocations = (place: Place, filter: InvocationFilter, before?: string, limit = ROWS) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null, limit],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit } };
      return ok(api.GET(`${ENVIRONMENT}/invocations`, { params, signal }));
    },
  });

/** As many as one answer has, for the overview: read again when something happens. */
export const lastInvocations = (place: Place) =>
  queryOptions({
    ...invocations(place, {}, undefined, MOST),
    queryKey: [place.project, place.environment, "overview", "invocations"],
  });

/** The same by outcome and time, in steps of so many seconds. */
export const histogram = (place: Place, filter: InvocationFilter & { from: string; to: string; step: number }) =>
  queryOptions({
    queryKey: [...keyOf(place), "histogram", filter],
    queryFn: ({ signal }) =>
      ok(api.GET(`${ENVIRONMENT}/invocations/histogram`, { params: { path: place, query: filter }, signal })),
    placeholderData: keepPreviousData,
  });

/** The stream of those that are recorded from now on; each is an event `invocation`. */
export function invocationStream(place: Place, filter: InvocationFilter): string {
  const at = (text: string) => encodeURIComponent(text);
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
  const path = `${ADMIN}/projects/${at(place.project)}/environments/${at(place.environment)}/invocations/stream`;
  return query.size > 0 ? `${path}?${query}` : path;
}

/** One of them. What was recorded does not change. */
export const invocation = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const params = { path: { ...place, invocation: id } };
      const read = await ok(api.GET(`${ENVIRONMENT}/invocations/{invocation}`, { params, signal }));
      // The client forgets that pairs of a header are pairs.
      return read as InvocationDetail;
    },
  });

/** Everything that it got from outside, for a replay elsewhere. Each export is in the audit log. */
export function recordingOf(place: Place, id: string): Promise<Recording> {
  const params = { path: { ...place, invocation: id } };
  return ok(api.GET(`${ENVIRONMENT}/invocations/{invocation}/recording`, { params }));
}
