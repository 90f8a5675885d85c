// What fails in the background of an environment: queues with dead jobs, webhook endpoints that receive nothing.
import { queryOptions } from "@tanstack/react-query";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

/** It changes by itself. */
const AGAIN_MS = 10_000;

export const backgroundFailures = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "overview", "background-failures"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/background-failures`, { params: { path: place }, signal })),
    refetchInterval: AGAIN_MS,
  });
