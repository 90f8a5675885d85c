// What a version of a hook or its draft does, in a sentence or two: derived from the code, or written by a model where a project wants that.
import { queryOptions } from "@tanstack/react-query";
import type { CodeSummary, VersionSummary } from "../../../../docs/openapi.d.ts";
import { api, cache, ok, PROJECT } from "../client.ts";
import type { HookId } from "./drafts.ts";

export type { CodeSummary };

/** Of a version. Its code never changes; a model may have written another text since. */
export const versionSummary = (id: HookId, number: number) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "versions", number, "summary"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }): Promise<CodeSummary> => {
      const params = { path: { ...id, number: String(number) } };
      return ok(api.GET(`${PROJECT}/hooks/{hook}/versions/{number}/summary`, { params, signal }));
    },
  });

/** Of what came with a list: whoever shows what a hook does need not ask again. */
export function keepSummaries(project: string, summaries: readonly VersionSummary[]): void {
  for (const { hook, version, summary } of summaries) {
    cache.setQueryData(versionSummary({ project, hook }, version).queryKey, summary);
  }
}

/** Of the draft as it is saved; `revision` says which that is. */
export const draftSummary = (id: HookId, revision: number) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "draft", "summary", revision],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }): Promise<CodeSummary> =>
      ok(api.GET(`${PROJECT}/hooks/{hook}/draft/summary`, { params: { path: id }, signal })),
  });
