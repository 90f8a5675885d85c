// Mail templates of an environment: those of the project, which take the place of the server's own mails or are sent by hooks.
import { queryOptions } from "@tanstack/react-query";
import type { MailTemplate, PutMailTemplatesNameRequest } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { MailTemplate, PutMailTemplatesNameRequest };

const keyOf = (place: Place) => [place.project, place.environment, "mail-templates"];
const at = (place: Place, name: string) => ({ path: { ...place, name } });

export const mailTemplates = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place),
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/mail-templates`, { params: { path: place }, signal }));
      return answer.templates;
    },
  });

export async function putMailTemplate(place: Place, name: string, body: PutMailTemplatesNameRequest) {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/mail-templates/{name}`, { params: at(place, name), body }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
  return stored;
}

export async function deleteMailTemplate(place: Place, name: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/mail-templates/{name}`, { params: at(place, name) }));
  await cache.invalidateQueries({ queryKey: keyOf(place) });
}
