// The audit log, of an environment or of the whole server.
import { queryOptions } from "@tanstack/react-query";
import type { AuditEntry } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { AuditEntry };

/** Which entries a list shows. */
export type AuditFilter = { action?: string; actor?: string; target?: string; from?: string; to?: string };

const ROWS = 50;

export const audit = (place: Place, filter: AuditFilter, before?: string) =>
  queryOptions({
    queryKey: [place.project, place.environment, "audit", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/audit`, { params, signal }));
    },
  });

/** Of all projects and of the server itself. */
export const serverAudit = (filter: AuditFilter, before?: string) =>
  queryOptions({
    queryKey: ["@audit", filter, before ?? null],
    queryFn: ({ signal }) =>
      ok(api.GET(`${ADMIN}/audit`, { params: { query: { ...filter, before, limit: ROWS } }, signal })),
  });
