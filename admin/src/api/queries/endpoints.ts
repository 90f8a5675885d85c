// The endpoints of the auth API, with the hooks and events of an environment that run at each of them.
import { queryOptions } from "@tanstack/react-query";
import type {
  DayFigures,
  EndpointEvent,
  EndpointHook,
  EndpointPoint,
  EndpointWebhook,
  EndpointWithHooks,
} from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";
import { keepSummaries } from "./summaries.ts";

export type { DayFigures, EndpointEvent, EndpointHook, EndpointPoint, EndpointWebhook, EndpointWithHooks };

/** The figures of the last day grow while somebody looks. */
const AGAIN_MS = 30_000;

export const endpointsOf = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "endpoints"],
    queryFn: async ({ signal }) => {
      const { endpoints, summaries } = await ok(
        api.GET(`${ENVIRONMENT}/endpoints`, { params: { path: place }, signal }),
      );
      keepSummaries(place.project, summaries);
      return endpoints;
    },
    refetchInterval: AGAIN_MS,
  });
