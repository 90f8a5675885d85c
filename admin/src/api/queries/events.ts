// Events of an environment: a page of the list, one of them, and where the stream of new ones is.
import { queryOptions } from "@tanstack/react-query";
import type { Event as AerocallEvent } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { AerocallEvent };

/** Which events a list shows. */
export type EventFilter = { type?: string; subject?: string };

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "events"];

/** One page of the list, newest first; `before` is the last id of the page before. */
export const events = (place: Place, filter: EventFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/events`, { params, signal }));
    },
  });

/** One of them. Events do not change. */
export const event = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const params = { path: { ...place, event: id } };
      return ok(api.GET(`${ENVIRONMENT}/events/{event}`, { params, signal }));
    },
  });

/** The stream of all new events of the environment: one for all pages, each chooses what it shows. */
export function eventStream(place: Place): string {
  const at = (text: string) => encodeURIComponent(text);
  return `${ADMIN}/projects/${at(place.project)}/environments/${at(place.environment)}/events/stream`;
}
