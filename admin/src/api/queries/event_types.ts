// The types of events that webhook endpoints can subscribe to. The same for every environment, as long as the server runs.
import { queryOptions } from "@tanstack/react-query";
import type { EventType } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { EventType };

export const eventTypes = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "event-types"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/event-types`, { params: { path: place }, signal }));
      return answer.eventTypes;
    },
  });
