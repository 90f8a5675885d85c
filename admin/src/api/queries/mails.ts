// Mails of an environment: what waits, was sent, was captured or failed.
import { queryOptions } from "@tanstack/react-query";
import type { Mail, MailDetail, MailState } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { Mail, MailDetail, MailState };

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "mails"];

export const mails = (place: Place, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", before ?? null],
    queryFn: ({ signal }) =>
      ok(api.GET(`${ENVIRONMENT}/mails`, { params: { path: place, query: { before, limit: ROWS } }, signal })),
  });

export const mail = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/mails/{id}`, { params: { path: { ...place, id } }, signal })),
  });
