// Secrets of an environment: names and hosts. A value can be set, and is never shown.
import { queryOptions } from "@tanstack/react-query";
import type { PutSecretsNameRequest, Secret } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { PutSecretsNameRequest, Secret };

const keyOf = (place: Place) => [place.project, place.environment, "secrets"];
const at = (place: Place, name: string) => ({ path: { ...place, name } });

export const secrets = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/secrets`, { params: { path: place }, signal }));
      return answer.secrets;
    },
  });

export async function putSecret(place: Place, name: string, body: PutSecretsNameRequest): Promise<Secret> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/secrets/{name}`, { params: at(place, name), body }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return stored;
}

export async function deleteSecret(place: Place, name: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/secrets/{name}`, { params: at(place, name) }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
}
