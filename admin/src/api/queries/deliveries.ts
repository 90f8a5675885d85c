// Deliveries of webhook endpoints: a page of the list, one with its attempts, and sending again.
import { queryOptions } from "@tanstack/react-query";
import type {
  Attempt,
  Delivery,
  DeliveryDetail,
  ListedDelivery,
  Replayed,
  ReplayPlan,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Attempt, Delivery, DeliveryDetail, ListedDelivery, ReplayPlan };

export type DeliveryState = Delivery["state"];
/** Which deliveries a list shows. */
export type DeliveryFilter = {
  state?: DeliveryState;
  event?: string;
  type?: string;
  webhook?: string;
  from?: string;
  to?: string;
};

const ROWS = 50;
/** While it has not ended it is asked for again: the next attempt may be under way. */
const AGAIN_MS = 3_000;

const keyOf = (place: Place) => [place.project, place.environment, "deliveries"];
const at = (place: Place, webhook: string) => ({ path: { ...place, webhook } });

/** One page of the list, newest first; of all endpoints, or of one. `before` is the last id of the page before. */
export const deliveries = (place: Place, filter: DeliveryFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/deliveries`, { params, signal }));
    },
    refetchInterval: AGAIN_MS,
  });

export const delivery = (place: Place, webhook: string, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    queryFn: ({ signal }) => {
      const params = { path: { ...place, webhook, delivery: id } };
      return ok(api.GET(`${ENVIRONMENT}/webhooks/{webhook}/deliveries/{delivery}`, { params, signal }));
    },
    refetchInterval: (query) => (query.state.data && hasEnded(query.state.data.state) ? false : AGAIN_MS),
  });

export const hasEnded = (state: DeliveryState) => state !== "waiting" && state !== "running";

/** Sends one that has ended once more. */
export async function resend(place: Place, webhook: string, id: string): Promise<Delivery> {
  const params = { path: { ...place, webhook, delivery: id } };
  const again = await ok(api.POST(`${ENVIRONMENT}/webhooks/{webhook}/deliveries/{delivery}/replay`, { params }));
  await stale(place);
  return again;
}

/** What is sent again: those that failed or were canceled, or events that have no delivery. */
export type ResendWhat = "failed" | "missing";

/** What sending many again would send. Changes nothing. */
export const planOf = (place: Place, webhook: string, what: ResendWhat, since: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "plan", webhook, what, since],
    staleTime: 30_000,
    queryFn: ({ signal }): Promise<ReplayPlan> => {
      const request = { params: at(place, webhook), body: { what, since }, signal };
      return ok(api.POST(`${ENVIRONMENT}/webhooks/{webhook}/replay/plan`, request));
    },
  });

/** Sends many again, request by request as the server allows, and says after each how many there were so far. */
export async function resendAll(
  place: Place,
  webhook: string,
  what: ResendWhat,
  since: string,
  onProgress: (sent: number) => void,
): Promise<number> {
  let sent = 0;
  let after: string | undefined;
  do {
    const answer: Replayed = await ok(
      api.POST(`${ENVIRONMENT}/webhooks/{webhook}/replay`, {
        params: at(place, webhook),
        body: after ? { what, since, after } : { what, since },
      }),
    );
    sent += answer.replayed;
    onProgress(sent);
    after = answer.next ?? undefined;
  } while (after);
  await stale(place);
  return sent;
}

/** What a test event looks like: a type with its `data`, or `webhook.test` if none is chosen. */
export type TestEvent = { type?: string; data?: Record<string, unknown> };

/** Sends a test event to one endpoint. */
export async function sendTest(place: Place, webhook: string, body: TestEvent): Promise<Delivery> {
  const made = await ok(api.POST(`${ENVIRONMENT}/webhooks/{webhook}/test`, { params: at(place, webhook), body }));
  await stale(place);
  return made;
}

const stale = (place: Place) => cache.invalidateQueries({ queryKey: keyOf(place) });
