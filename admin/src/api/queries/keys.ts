// API keys of an environment. A secret key is shown once, in the answer that makes it.
import { queryOptions } from "@tanstack/react-query";
import type { ApiKey, NewApiKey, PostKeysRequest } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { ApiKey, NewApiKey, PostKeysRequest };

const keyOf = (place: Place) => [place.project, place.environment, "keys"];
const at = (place: Place, key: string) => ({ path: { ...place, key } });

export const apiKeys = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: async ({ signal }) => (await ok(api.GET(`${ENVIRONMENT}/keys`, { params: { path: place }, signal }))).keys,
  });

export async function createApiKey(place: Place, body: PostKeysRequest): Promise<NewApiKey> {
  const made = await ok(api.POST(`${ENVIRONMENT}/keys`, { params: { path: place }, body }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return made;
}

/** A key in the place of another, which works for `overlapSeconds` more. */
export async function rotateApiKey(place: Place, id: string, overlapSeconds: number): Promise<NewApiKey> {
  const body = { overlapSeconds };
  const made = await ok(api.POST(`${ENVIRONMENT}/keys/{key}/rotate`, { params: at(place, id), body }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return made;
}

export async function revokeApiKey(place: Place, id: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/keys/{key}`, { params: at(place, id) }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
}
