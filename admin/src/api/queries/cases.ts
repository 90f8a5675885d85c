// Test cases that are stored with a hook: one call each, and what must come of it.
import { queryOptions } from "@tanstack/react-query";
import { api, ENVIRONMENT, ok, type Place, PROJECT } from "../client.ts";
import type { HookId } from "./drafts.ts";
import type { Target } from "./hook_tests.ts";

/** A case as `aerocall test` reads it. */
export type CaseDocument = Record<string, unknown>;

/** What is replaced in a case that is made of what happened. */
export type Redaction = "addresses" | "names" | "secrets";

export const casesOf = (id: HookId) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "cases"],
    queryFn: ({ signal }) => ok(api.GET(`${PROJECT}/hooks/{hook}/cases`, { params: { path: id }, signal })),
  });

/** Creates a case, or replaces the one with this name. */
export function putCase(id: HookId, name: string, document: CaseDocument) {
  const params = { path: { ...id, case: name } };
  return ok(api.PUT(`${PROJECT}/hooks/{hook}/cases/{case}`, { params, body: { document } }));
}

export function deleteCase(id: HookId, name: string) {
  return ok(api.DELETE(`${PROJECT}/hooks/{hook}/cases/{case}`, { params: { path: { ...id, case: name } } }));
}

export function runCases(place: Place, hook: string, target: Target) {
  const params = { path: { ...place, hook } };
  return ok(api.POST(`${ENVIRONMENT}/hooks/{hook}/cases/run`, { params, body: { target } }));
}

/** Stores a case made of a recorded invocation; people in it are replaced unless `redact` says otherwise. */
export function caseOfInvocation(place: Place, invocation: string, name: string, redact?: Redaction[]) {
  const params = { path: { ...place, invocation } };
  const body = redact ? { name, redact } : { name };
  return ok(api.POST(`${ENVIRONMENT}/invocations/{invocation}/case`, { params, body }));
}
