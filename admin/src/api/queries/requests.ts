// Everything that is recorded of one request of the auth API, or of one job.
import { queryOptions } from "@tanstack/react-query";
import type { RequestTrace } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { RequestTrace };

export const requestTrace = (place: Place, id: string) =>
  queryOptions({
    queryKey: [place.project, place.environment, "requests", id],
    queryFn: async ({ signal }) => {
      const params = { path: { ...place, request: id } };
      const read = await ok(api.GET(`${ENVIRONMENT}/requests/{request}`, { params, signal }));
      // The client forgets that pairs of a header are pairs.
      return read as RequestTrace;
    },
  });
