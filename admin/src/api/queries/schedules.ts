// Schedules of the live hooks of an environment, and running one now.
import { queryOptions } from "@tanstack/react-query";
import type { Job, Schedule } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Schedule };

/** The last run of a schedule changes by itself. */
const AGAIN_MS = 10_000;

const keyOf = (place: Place) => [place.project, place.environment, "schedules"];

export const schedules = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/schedules`, { params: { path: place }, signal }));
      return answer.schedules;
    },
    refetchInterval: AGAIN_MS,
  });

/** Makes a job of a schedule now, beside those of its times. */
export async function runSchedule(place: Place, { hook, name }: Pick<Schedule, "hook" | "name">): Promise<Job> {
  const params = { path: { ...place, hook, name } };
  const job = await ok(api.POST(`${ENVIRONMENT}/schedules/{hook}/{name}/run`, { params }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return job;
}
