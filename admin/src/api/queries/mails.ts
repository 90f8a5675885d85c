// Mails of an environment: what waits, was sent, was captured or failed.
import { queryOptions } from "@tanstack/react-query";
import type { Mail, MailDetail, MailState } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Mail, MailDetail, MailState };

/** Which mails a list shows. */
export type MailFilter = { state?: MailState; to?: string; template?: string };

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "mails"];

export const mails = (place: Place, filter: MailFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/mails`, { params, signal }));
    },
  });

export const mail = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/mails/{id}`, { params: { path: { ...place, id } }, signal })),
  });

/** Sends a mail that was kept once more, as a new one; the id of that. */
export async function resendMail(place: Place, id: string): Promise<string> {
  const answer = await ok(api.POST(`${ENVIRONMENT}/mails/{id}/resend`, { params: { path: { ...place, id } } }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return answer.mail;
}
