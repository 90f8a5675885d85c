// Mail templates of an environment: those of the project, which take the place of the server's own mails or are sent by hooks.
import { queryOptions } from "@tanstack/react-query";
import type {
  MailPreview,
  MailTemplate,
  OwnMailTemplate,
  PostMailTemplatesNamePreviewRequest,
  PutMailTemplatesNameRequest,
} from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { MailTemplate, OwnMailTemplate, PutMailTemplatesNameRequest };

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

/** The mails that the server sends by itself. The same for every project, as long as the server runs. */
export const ownMailTemplates = queryOptions({
  queryKey: ["@mail-templates"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<OwnMailTemplate[]> =>
    (await ok(api.GET(`${ADMIN}/mail-templates`, { signal }))).templates,
});

/** A mail as it would be. Nothing is sent or stored. */
export const mailPreview = (place: Place, name: string, body: PostMailTemplatesNamePreviewRequest) =>
  queryOptions({
    queryKey: [...keyOf(place), name, "preview", body],
    // What does not render now does not render later.
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    queryFn: ({ signal }): Promise<MailPreview> =>
      ok(api.POST(`${ENVIRONMENT}/mail-templates/{name}/preview`, { params: at(place, name), body, signal })),
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
