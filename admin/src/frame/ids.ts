// Which page an id belongs to, by how it begins: what is pasted into the search is opened.
import { linkOptions } from "@tanstack/react-router";
import type { Place } from "../api/client.ts";
import type { Target } from "../parts/link.tsx";

type Found = { title: string; target: Target };

const BASE = "/p/$project/$environment";

const pages: Record<string, (place: Place, id: string) => Found> = {
  usr: (place, user) => ({
    title: "Open the user",
    target: linkOptions({ to: `${BASE}/users/$user`, params: { ...place, user } }),
  }),
  inv: (place, invocation) => ({
    title: "Open the invocation",
    target: linkOptions({ to: `${BASE}/calls/$invocation`, params: { ...place, invocation } }),
  }),
  req: (place, request) => ({
    title: "Open the request",
    target: linkOptions({ to: `${BASE}/requests/$request`, params: { ...place, request } }),
  }),
  evt: (place, event) => ({
    title: "Open the event",
    target: linkOptions({ to: `${BASE}/events/$event`, params: { ...place, event } }),
  }),
  whk: (place, webhook) => ({
    title: "Open the webhook",
    target: linkOptions({ to: `${BASE}/webhooks/$webhook`, params: { ...place, webhook } }),
  }),
  dlv: (params, delivery) => ({
    title: "Open the delivery",
    target: linkOptions({ to: `${BASE}/deliveries`, params, search: { delivery } }),
  }),
  mail: (place, mail) => ({
    title: "Open the mail",
    target: linkOptions({ to: `${BASE}/mails/$mail`, params: { ...place, mail } }),
  }),
  aud: (params, entry) => ({
    title: "Open the entry of the audit log",
    target: linkOptions({ to: `${BASE}/audit`, params, search: { entry } }),
  }),
};

/** The pages that a text may be an id of; none if it looks like no id and no address. */
export function idTargets(text: string, place: Place): Found[] {
  const [, prefix = ""] = /^([a-z]{3,4})_[0-9a-f]{32}$/.exec(text) ?? [];
  const page = pages[prefix];
  if (page) return [page(place, text)];
  if (!/^\S+@\S*$/.test(text)) return [];
  return [{ title: "Find the user", target: linkOptions({ to: `${BASE}/users`, params: place, search: { q: text } }) }];
}
