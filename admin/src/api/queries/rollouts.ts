// Rollouts: another version of a hook beside the live one, as a shadow or as a canary, until a time.
import { queryOptions } from "@tanstack/react-query";
import type { PutHooksHookRolloutRequest, Rollout } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type RolloutRequest = PutHooksHookRolloutRequest;

const REREAD_MS = 2_000;

/** Those that go on and the last that have ended, of all hooks, newest first; read again while one goes on. */
export const rolloutsOf = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "rollouts"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/rollouts`, { params: { path: place }, signal })),
    refetchInterval: ({ state }): number | false => (state.data?.rollouts.some(goesOn) ? REREAD_MS : false),
  });

/** The newest of a hook; `null` if it never had one. */
export const rolloutOf = (place: Place, hook: string) => ({
  ...rolloutsOf(place),
  select: (list: { rollouts: Rollout[] }): Rollout | null => list.rollouts.find((one) => one.hook === hook) ?? null,
});

export function goesOn(rollout: Rollout): boolean {
  return rollout.state === "running";
}

/** Starts one, or changes share, end and rules of the one that goes on. */
export function putRollout(place: Place, hook: string, body: RolloutRequest): Promise<Rollout> {
  return ok(api.PUT(`${ENVIRONMENT}/hooks/{hook}/rollout`, { params: { path: { ...place, hook } }, body }));
}

export function stopRollout(place: Place, hook: string): Promise<Rollout> {
  return ok(api.POST(`${ENVIRONMENT}/hooks/{hook}/rollout/stop`, { params: { path: { ...place, hook } } }));
}

/** Makes its version live. */
export function promoteRollout(place: Place, hook: string, body: { expect: number; message?: string }) {
  return ok(api.POST(`${ENVIRONMENT}/hooks/{hook}/rollout/promote`, { params: { path: { ...place, hook } }, body }));
}
