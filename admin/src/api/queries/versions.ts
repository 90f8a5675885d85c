// The versions of a hook: immutable, so what was read once of one of them is kept.
import { queryOptions } from "@tanstack/react-query";
import type { Version } from "../../../../docs/openapi.d.ts";
import { api, ok, PROJECT } from "../client.ts";
import type { HookId } from "./drafts.ts";

const FOR_EVER = Number.POSITIVE_INFINITY;

/** Newest first. */
export const versionsOf = (id: HookId) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "versions"],
    queryFn: async ({ signal }): Promise<Version[]> => {
      const { versions } = await ok(api.GET(`${PROJECT}/hooks/{hook}/versions`, { params: { path: id }, signal }));
      return versions.toSorted((a, b) => b.number - a.number);
    },
  });

/** The sources that a version carries. */
export const versionFiles = (id: HookId, number: number) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "versions", number, "files"],
    staleTime: FOR_EVER,
    queryFn: ({ signal }) => {
      const params = { path: { ...id, number: String(number) } };
      return ok(api.GET(`${PROJECT}/hooks/{hook}/versions/{number}/files`, { params, signal }));
    },
  });

/** One side of a comparison: a version, or the draft as it is saved. */
export type Side = number | "draft";

/** What `b` has that `a` has not, and the other way round. `revision` is that of the draft, if it is one of the sides. */
export const comparison = (id: HookId, a: Side, b: Side, revision?: number) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "compare", a, b, revision ?? null],
    staleTime: a === "draft" || b === "draft" ? 0 : FOR_EVER,
    queryFn: ({ signal }) => {
      const params = { path: id, query: { a: String(a), b: String(b) } };
      return ok(api.GET(`${PROJECT}/hooks/{hook}/compare`, { params, signal }));
    },
  });

/** Makes a version of the draft, if it still has this revision. */
export function makeVersion(id: HookId, revision: number, message: string | undefined): Promise<Version> {
  const body = message ? { revision, message } : { revision };
  return ok(api.POST(`${PROJECT}/hooks/{hook}/versions`, { params: { path: id }, body }));
}
