// Queues and their jobs: how many there are, a page of the list, one with its message, and running a dead one again.
import { queryOptions } from "@tanstack/react-query";
import type { Job, JobSummary, QueueCounts } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Job, JobSummary, QueueCounts };

export type JobState = JobSummary["state"];
/** Which jobs a list shows. */
export type JobFilter = { queue?: string; state?: JobState };

const ROWS = 50;
/** Counts of queues and states of jobs change by themselves. */
const AGAIN_MS = 5_000;

const keyOf = (place: Place) => [place.project, place.environment, "queues"];

export const queues = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), "counts"],
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/queues`, { params: { path: place }, signal }));
      return answer.queues;
    },
    refetchInterval: AGAIN_MS,
  });

/** One page of the list, newest first; `before` is the last id of the page before. */
export const jobs = (place: Place, filter: JobFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "jobs", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/jobs`, { params, signal }));
    },
    refetchInterval: AGAIN_MS,
  });

export const job = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "job", id],
    queryFn: ({ signal }) =>
      ok(api.GET(`${ENVIRONMENT}/jobs/{job}`, { params: { path: { ...place, job: id } }, signal })),
    refetchInterval: (query) => (query.state.data && hasEnded(query.state.data.state) ? false : AGAIN_MS),
  });

export const hasEnded = (state: JobState) => state === "done" || state === "dead";

/** Runs a dead job again, with all its attempts. */
export async function requeue(place: Place, id: string): Promise<Job> {
  const again = await ok(api.POST(`${ENVIRONMENT}/jobs/{job}/requeue`, { params: { path: { ...place, job: id } } }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return again;
}

/** Runs the dead jobs of a queue again, request by request as the server allows; how many there were. */
export async function requeueAll(place: Place, queue: string): Promise<number> {
  const params = { path: { ...place, queue } };
  let requeued = 0;
  let hasMore = true;
  while (hasMore) {
    const body = { state: "dead" as const };
    const answer = await ok(api.POST(`${ENVIRONMENT}/queues/{queue}/requeue`, { params, body }));
    requeued += answer.requeued;
    hasMore = answer.hasMore && answer.requeued > 0;
  }
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return requeued;
}

export async function deleteJob(place: Place, id: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/jobs/{job}`, { params: { path: { ...place, job: id } } }));
  cache.removeQueries({ queryKey: [...keyOf(place), "job", id] });
  await cache.invalidateQueries({ queryKey: keyOf(place) });
}
