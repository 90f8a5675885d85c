// Starting, changing, stopping and promoting a rollout, and what is read again after each.
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Gate, Rollout, RolloutKind } from "../../../../../docs/openapi.d.ts";
import type { Place } from "../../../api/client.ts";
import type { ApiError } from "../../../api/errors.ts";
import { plan } from "../../../api/queries/deployments.ts";
import { draftOf, readDraft } from "../../../api/queries/drafts.ts";
import type { Target } from "../../../api/queries/hook_tests.ts";
import { promoteRollout, putRollout, stopRollout } from "../../../api/queries/rollouts.ts";
import { failedGates } from "../deploy/preview.ts";
import { versionOfDraft } from "../deploy/use_deploy.ts";
import { useHookPage } from "../draft/draft_context.tsx";
import { requestOf, type Typed, withShare } from "./rollouts.ts";

export type Order = {
  target: Target;
  typed: Typed;
  /** Why it is started although a gate failed. */
  force: string;
};

export type Started =
  | { kind: "started"; rollout: Rollout }
  /** The version was made of the draft, and gates failed: nothing was started. */
  | { kind: "stopped"; number: number; gates: Gate[] };

export function useStart(kind: RolloutKind, onDone: (started: Started) => void) {
  const page = useHookPage();
  const cache = useQueryClient();
  return useMutation<Started, ApiError, Order>({
    mutationFn: async ({ target, typed, force }) => {
      const { place, id } = page;
      const number = target === "draft" ? await versionOfDraft(page, `Tried as a ${kind}`) : Number(target);
      if (kind === "canary" && !force) {
        const planned = await plan(place, { hooks: [{ name: id.hook, number }], keepOthers: true });
        const gates = failedGates(planned.gates);
        if (gates.length > 0) return { kind: "stopped", number, gates };
      }
      const body = requestOf(kind, number, typed, Date.now());
      const rollout = await putRollout(place, id.hook, { ...body, ...(force && { force: { reason: force } }) });
      return { kind: "started", rollout };
    },
    onSuccess: onDone,
    onSettled: async (_, __, { target }) => {
      await readAgain(cache, page.place);
      if (target !== "draft") return;
      const draft = await readDraft(page.id).catch(() => undefined);
      if (draft !== undefined) cache.setQueryData(draftOf(page.id).queryKey, draft);
    },
  });
}

export function useStop(place: Place, hook: string) {
  return useChange(place, () => stopRollout(place, hook));
}

export function useShare(place: Place, rollout: Rollout) {
  return useChange(place, (share: number) => putRollout(place, rollout.hook, withShare(rollout, share)));
}

export function usePromote(place: Place, hook: string) {
  return useChange(place, (body: { expect: number; message?: string }) => promoteRollout(place, hook, body));
}

function useChange<Given, Made>(place: Place, change: (given: Given) => Promise<Made>) {
  const cache = useQueryClient();
  return useMutation<Made, ApiError, Given>({ mutationFn: change, onSettled: () => readAgain(cache, place) });
}

/** What is live, what is tried beside it, and which versions there are. */
async function readAgain(cache: QueryClient, { project, environment }: Place): Promise<void> {
  await Promise.all([
    cache.invalidateQueries({ queryKey: [project, environment] }),
    cache.invalidateQueries({ queryKey: [project, "hooks"] }),
  ]);
}
