// Runs of a hook that nothing else sees: on an input that is chosen, or on an invocation that was recorded.
import type { PostHooksHookRunRequest } from "../../../../docs/openapi.d.ts";
import { api, ENVIRONMENT, ok, type Place } from "../client.ts";

/** What is run: the draft as it is saved, what is live, or a version. */
export type Target = "draft" | "live" | number;

export type RunRequest = PostHooksHookRunRequest;

/** Runs a hook on an input. Nothing outside changes. */
export function runHook(place: Place, hook: string, body: RunRequest, signal?: AbortSignal) {
  return ok(api.POST(`${ENVIRONMENT}/hooks/{hook}/run`, { params: { path: { ...place, hook } }, body, signal }));
}

/** Runs a recorded invocation again, with the recorded results of what it asks for. */
export function replay(place: Place, invocation: string, target: Target, signal?: AbortSignal) {
  const params = { path: { ...place, invocation } };
  return ok(api.POST(`${ENVIRONMENT}/invocations/{invocation}/replay`, { params, body: { target }, signal }));
}
