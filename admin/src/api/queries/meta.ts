// What the server is and can do.
import { queryOptions } from "@tanstack/react-query";
import type { Readiness, ServerMeta } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok } from "../client.ts";
import { readError } from "../errors.ts";

export type { Readiness, ServerMeta };

export const serverMeta = queryOptions({
  queryKey: ["@meta"],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }): Promise<ServerMeta> => ok(api.GET(`${ADMIN}/meta`, { signal })),
});

/** Whether the server mails admins: it has a mail server of its own. */
export const sendsMail = async (): Promise<boolean> => !(await cache.fetchQuery(serverMeta)).features.mailCapture;

/** Whether the services work that the server uses. That one does not is an answer, too. */
export const readiness = queryOptions({
  queryKey: ["@readiness"],
  queryFn: async ({ signal }): Promise<Readiness> => {
    const { data, error, response } = await api.GET("/readyz", { signal });
    if (data) return data;
    if (isReadiness(error)) return error;
    throw readError(response, error);
  },
});

function isReadiness(body: unknown): body is Readiness {
  return typeof body === "object" && body !== null && "checks" in body && "status" in body;
}
