// The keys that sign access tokens of an environment.
import { queryOptions } from "@tanstack/react-query";
import type { SigningKey } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { SigningKey };

const keyOf = (place: Place) => [place.project, place.environment, "signing-keys"];

export const signingKeys = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${ENVIRONMENT}/signing-keys`, { params: { path: place }, signal }))).keys,
  });

/** A new key; with `immediately` the others are worth nothing from now on, and so are their tokens. */
export async function rotateSigningKeys(place: Place, immediately: boolean): Promise<string> {
  const body = { immediately };
  const made = await ok(api.POST(`${ENVIRONMENT}/signing-keys/rotate`, { params: { path: place }, body }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return made.kid;
}
