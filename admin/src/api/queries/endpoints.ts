// The endpoints of the auth API, with the hooks and events of an environment that run at each of them.
import { queryOptions } from "@tanstack/react-query";
import type { EndpointEvent, EndpointHook, EndpointPoint, EndpointWithHooks } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { EndpointEvent, EndpointHook, EndpointPoint, EndpointWithHooks };

export const endpointsOf = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "endpoints"],
    queryFn: async ({ signal }) => {
      const { endpoints } = await ok(api.GET(`${ENVIRONMENT}/endpoints`, { params: { path: place }, signal }));
      return endpoints;
    },
  });
