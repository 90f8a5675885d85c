// What is known of the hooks of a project and of an environment: the list, the live deployment, the hook points, the types.
import { queryOptions } from "@tanstack/react-query";
import type { HookPointList, HookSummary, LiveHook } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, ENVIRONMENT, ok, type Place, PROJECT } from "../client.ts";
import { keepSummaries } from "./summaries.ts";

/** The hooks of a project: all that have a version or a draft. */
export const hooksOf = (project: string) =>
  queryOptions({
    queryKey: [project, "hooks"],
    queryFn: async ({ signal }) => {
      const list = await ok(api.GET(`${PROJECT}/hooks`, { params: { path: { project } }, signal }));
      keepSummaries(project, list.summaries);
      return list;
    },
  });

/** One of them; `null` if there is no such hook. */
export const hookOf = (project: string, hook: string) =>
  queryOptions({
    ...hooksOf(project),
    select: (list): HookSummary | null => list.hooks.find((one) => one.name === hook) ?? null,
  });

/** The live deployment of an environment. */
export const liveHooks = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "hooks", "live"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/hooks`, { params: { path: place }, signal })),
  });

/** A hook as it is live; `null` if it is not. */
export const liveHook = (place: Place, hook: string) =>
  queryOptions({
    ...liveHooks(place),
    select: (live): LiveHook | null => live.hooks.find((one) => one.name === hook) ?? null,
  });

/** Everything that hooks are called for. The same for every project, as long as the server runs. */
export const hookPoints = queryOptions({
  queryKey: ["hook-points"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }): Promise<HookPointList> => ok(api.GET(`${ADMIN}/hook-points`, { signal })),
});

export function setHookState(place: Place, hook: string, enabled: boolean) {
  const params = { path: { ...place, hook } };
  return ok(api.PATCH(`${ENVIRONMENT}/hooks/{hook}`, { params, body: { enabled } }));
}
