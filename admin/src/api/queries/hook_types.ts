// The types that a hook is written against: those of the SDK, and the names that the project uses.
import { queryOptions } from "@tanstack/react-query";
import type { SdkTypes } from "../../../../docs/openapi.d.ts";
import { api, ok, PROJECT } from "../client.ts";
import type { HookId } from "./drafts.ts";

/** Declarations by path, and the options to check with. They change with the secrets and queues of the project. */
export const typesOf = ({ project, hook }: HookId) =>
  queryOptions({
    queryKey: [project, "hooks", hook, "types"],
    staleTime: 60_000,
    queryFn: ({ signal }): Promise<SdkTypes> =>
      ok(api.GET(`${PROJECT}/types`, { params: { path: { project }, query: { hook } }, signal })),
  });
