// Webhook endpoints: the list, one of them, and what is done to them.
import { queryOptions } from "@tanstack/react-query";
import type {
  NewWebhookEndpoint,
  PatchWebhooksWebhookRequest,
  PostWebhooksRequest,
  WebhookCondition,
  WebhookEndpoint,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { NewWebhookEndpoint, WebhookCondition, WebhookEndpoint };
export type NewWebhook = PostWebhooksRequest;
export type WebhookChanges = PatchWebhooksWebhookRequest;

const keyOf = (place: Place) => [place.project, place.environment, "webhooks"];
const at = (place: Place, webhook: string) => ({ path: { ...place, webhook } });

export const webhooks = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), "list"],
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/webhooks`, { params: { path: place }, signal }));
      return answer.webhooks;
    },
  });

export const webhook = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/webhooks/{webhook}`, { params: at(place, id), signal })),
  });

/** The answer has the secret, and nothing later has it. */
export async function createWebhook(place: Place, body: NewWebhook): Promise<NewWebhookEndpoint> {
  const made = await ok(api.POST(`${ENVIRONMENT}/webhooks`, { params: { path: place }, body }));
  await stale(place);
  return made;
}

export async function changeWebhook(place: Place, id: string, body: WebhookChanges): Promise<WebhookEndpoint> {
  const changed = await ok(api.PATCH(`${ENVIRONMENT}/webhooks/{webhook}`, { params: at(place, id), body }));
  await stale(place);
  return changed;
}

export async function deleteWebhook(place: Place, id: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/webhooks/{webhook}`, { params: at(place, id) }));
  cache.removeQueries({ queryKey: [...keyOf(place), id] });
  await cache.invalidateQueries({ queryKey: [...keyOf(place), "list"] });
}

/** A new secret; messages carry a signature of the old ones, too, for as long as is said here. */
export function rotateSecret(place: Place, id: string, overlapSeconds: number) {
  const body = { overlapSeconds };
  return ok(api.POST(`${ENVIRONMENT}/webhooks/{webhook}/rotate-secret`, { params: at(place, id), body }));
}

const stale = (place: Place) => cache.invalidateQueries({ queryKey: keyOf(place) });
