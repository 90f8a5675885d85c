// Recorded invocations: a page of the list, the newer ones while somebody watches, and one with everything that went in and out.
import { queryOptions } from "@tanstack/react-query";
import type { HostCall, Invocation, InvocationDetail, LogLine, Recording, Reply } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { HostCall, Invocation, InvocationDetail, LogLine, Reply };

/** Which invocations a list shows. */
export type InvocationFilter = { hook?: string; outcome?: string; requestId?: string };

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "invocations"];

/** One page of the list, newest first; `before` is the last id of the page before. */
export const invocations = (place: Place, filter: InvocationFilter, before?: string, limit = ROWS) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null, limit],
    queryFn: ({ signal }) => readInvocations(place, { ...filter, before, limit }, signal),
  });

/** Those that are newer than one. */
export function newerInvocations(place: Place, filter: InvocationFilter, after: string, signal?: AbortSignal) {
  return readInvocations(place, { ...filter, after, limit: 200 }, signal);
}

type ListQuery = InvocationFilter & { before?: string | undefined; after?: string; limit: number };

function readInvocations(place: Place, query: ListQuery, signal?: AbortSignal) {
  return ok(api.GET(`${ENVIRONMENT}/invocations`, { params: { path: place, query }, signal }));
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
