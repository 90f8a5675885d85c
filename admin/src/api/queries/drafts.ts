// The draft of a hook: what is edited on the server, with the revision that every change names.
import { queryOptions } from "@tanstack/react-query";
import type {
  BuildSettings,
  Draft,
  HookCheck,
  PostAdminApiV1ProjectsProjectHooksRequest,
  SourceFile,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ok, PROJECT } from "../client.ts";
import { ApiError } from "../errors.ts";

/** Which hook of which project. */
export type HookId = { project: string; hook: string };

/** What a draft consists of, as it is sent. */
export type DraftContent = { files: readonly SourceFile[]; settings: BuildSettings };

/** The draft; `null` if the hook has none. */
export const draftOf = (id: HookId) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "draft"],
    queryFn: ({ signal }) => readDraft(id, signal),
  });

export async function readDraft(id: HookId, signal?: AbortSignal): Promise<Draft | null> {
  try {
    return await ok(api.GET(`${PROJECT}/hooks/{hook}/draft`, { params: { path: id }, signal }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Replaces the draft, if it still has this revision; otherwise `draft_conflict`. */
export function saveDraft(id: HookId, revision: number, content: DraftContent): Promise<Draft> {
  const params = { path: id, header: { "If-Match": `"${revision}"` } };
  const body = { files: [...content.files], settings: content.settings };
  return ok(api.PUT(`${PROJECT}/hooks/{hook}/draft`, { params, body }));
}

/** Begins a draft from a version. */
export function beginDraft(id: HookId, from: number): Promise<Draft> {
  return ok(api.POST(`${PROJECT}/hooks/{hook}/draft`, { params: { path: id }, body: { from } }));
}

export async function deleteDraft(id: HookId, revision: number): Promise<void> {
  const params = { path: id, header: { "If-Match": `"${revision}"` } };
  await ok(api.DELETE(`${PROJECT}/hooks/{hook}/draft`, { params }));
}

/** Builds the draft of this revision and says what is wrong with it; changes nothing. */
export function checkDraft(id: HookId, revision: number, signal?: AbortSignal): Promise<HookCheck> {
  return ok(api.POST(`${PROJECT}/hooks/{hook}/check`, { params: { path: id }, body: { revision }, signal }));
}

/** The draft that is on the server instead of the expected one: of a refusal with `draft_conflict`; `null` if it was deleted. */
export function theirDraft(error: ApiError): Draft | null | undefined {
  if (error.code !== "draft_conflict" || typeof error.conflict !== "object" || error.conflict === null)
    return undefined;
  const { theirs } = error.conflict as { theirs?: Draft | null };
  return theirs;
}

/** What a new hook begins as: a template of the server with its test cases, or one file with this source. */
export type Beginning = { template: Template } | { source: string };
export type Template = NonNullable<PostAdminApiV1ProjectsProjectHooksRequest["template"]>;

/** Creates a hook with a draft. */
export async function createHook(project: string, name: string, from: Beginning): Promise<Draft> {
  const body = "template" in from ? { name, template: from.template } : { name };
  const draft: Draft = await ok(api.POST(`${PROJECT}/hooks`, { params: { path: { project } }, body }));
  await cache.invalidateQueries({ queryKey: [project, "hooks"] });
  const [first] = draft.files;
  if ("template" in from || !first) return draft;
  const files = [{ path: first.path, text: from.source }];
  return saveDraft({ project, hook: name }, draft.revision, { files, settings: draft.settings });
}
