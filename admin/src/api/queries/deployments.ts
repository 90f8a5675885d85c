// Deployments of an environment: what is live as a whole, what a change would mean, and the way back.
import { queryOptions } from "@tanstack/react-query";
import type { PostDeploymentsPlanRequest, PostDeploymentsRequest } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

/** A line of a deployment: which version of a hook, and the rules beside it. */
export type Line = PostDeploymentsRequest["hooks"][number];

/** The last 100, newest first. */
export const deploymentsOf = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "deployments"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/deployments`, { params: { path: place }, signal })),
  });

/** One with its hooks. Deployments are immutable. */
export const deployment = (place: Place, number: number) =>
  queryOptions({
    queryKey: [place.project, place.environment, "deployments", number],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const params = { path: { ...place, number: String(number) } };
      return ok(api.GET(`${ENVIRONMENT}/deployments/{number}`, { params, signal }));
    },
  });

/** What a deployment would change, and the gates before it. */
export const planOf = (place: Place, body: PostDeploymentsPlanRequest) =>
  queryOptions({
    queryKey: [place.project, place.environment, "plan", body],
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => ok(api.POST(`${ENVIRONMENT}/deployments/plan`, { params: { path: place }, body, signal })),
  });

export function plan(place: Place, body: PostDeploymentsPlanRequest) {
  return ok(api.POST(`${ENVIRONMENT}/deployments/plan`, { params: { path: place }, body }));
}

export function deploy(place: Place, body: PostDeploymentsRequest) {
  return ok(api.POST(`${ENVIRONMENT}/deployments`, { params: { path: place }, body }));
}

/** Goes back to what these hooks were in a deployment; the others stay as they are. */
export function rollBack(place: Place, number: number, back: { expect: number; message?: string; hooks: string[] }) {
  const params = { path: { ...place, number: String(number) } };
  return ok(api.POST(`${ENVIRONMENT}/deployments/{number}/rollback`, { params, body: back }));
}
