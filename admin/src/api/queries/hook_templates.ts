// What a new hook can begin as. The same for every project, as long as the server runs.
import { queryOptions } from "@tanstack/react-query";
import type { HookTemplate } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, ok } from "../client.ts";

export type { HookTemplate };

export const hookTemplates = queryOptions({
  queryKey: ["hook-templates"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const { templates } = await ok(api.GET(`${ADMIN}/hook-templates`, { signal }));
    return templates;
  },
});
