// Deliveries of webhook endpoints: a page of the list, one with its attempts, and sending again.
import { queryOptions } from "@tanstack/react-query";
import type { Attempt, Delivery, DeliveryDetail, Replayed } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Attempt, Delivery, DeliveryDetail };

export type DeliveryState = Delivery["state"];
/** Which deliveries a list shows. */
export type DeliveryFilter = { state?: DeliveryState; event?: string };

const ROWS = 50;
/** While it has not ended it is asked for again: the next attempt may be under way. */
const AGAIN_MS = 3_000;

const keyOf = (place: Place) => [place.project, place.environment, "deliveries"];
const at = (place: Place, webhook: string) => ({ path: { ...place, webhook } });

/** One page of an endpoint's list, newest first; `before` is the last id of the page before. */
export const deliveriesOf = (place: Place, webhook: string, filter: DeliveryFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "of", webhook, filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { ...at(place, webhook), query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/webhooks/{webhook}/deliveries`, { params, signal }));
    },
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

/** Sends a test event to one endpoint. */
export async function sendTest(place: Place, webhook: string): Promise<Delivery> {
  const made = await ok(api.POST(`${ENVIRONMENT}/webhooks/{webhook}/test`, { params: at(place, webhook), body: {} }));
  await stale(place);
  return made;
}

const stale = (place: Place) => cache.invalidateQueries({ queryKey: keyOf(place) });
