// Deploying one hook beside the others: a version of the draft first, then the plan of the server, then the deployment. Stops where
// something is refused, and never deploys over what somebody else has deployed in the meantime.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeploymentPlan, DeploymentResult } from "../../../../../docs/openapi.d.ts";
import { ApiError } from "../../../api/errors.ts";
import { deploy, type Line, plan } from "../../../api/queries/deployments.ts";
import { draftOf, readDraft } from "../../../api/queries/drafts.ts";
import { makeVersion } from "../../../api/queries/versions.ts";
import { type HookPage, useHookPage } from "../draft/draft_context.tsx";
import { failedGates } from "./preview.ts";

export type Order = {
  what: "draft" | number;
  /** The deployment that was live when the plan was shown. */
  expect: number;
  message: string;
  /** Why it is made although a gate failed. */
  force: string;
  line: Omit<Line, "name" | "number" | "digest">;
};

export type Outcome =
  | { kind: "live"; number: number; result: DeploymentResult }
  /** A version was made, and the plan of the server has a gate that the preview could not know. */
  | { kind: "stopped"; number: number; plan: DeploymentPlan };

/** `onOutcome` hears of it before the page is read again, which takes the form away. */
export function useDeploy(onOutcome: (outcome: Outcome) => void) {
  const page = useHookPage();
  const cache = useQueryClient();
  return useMutation<Outcome, ApiError, Order>({
    mutationFn: (order) => carryOut(page, order),
    onSuccess: onOutcome,
    onSettled: async () => {
      const { project } = page.place;
      await Promise.all([
        cache.invalidateQueries({ queryKey: [project, page.place.environment] }),
        cache.invalidateQueries({ queryKey: [project, "hooks"] }),
      ]);
      // A version that was made is the draft's base from now on.
      const draft = await readDraft(page.id).catch(() => undefined);
      if (draft !== undefined) cache.setQueryData(draftOf(page.id).queryKey, draft);
    },
  });
}

async function carryOut(page: HookPage, order: Order): Promise<Outcome> {
  const { place, id } = page;
  const number = order.what === "draft" ? await versionOfDraft(page, order.message) : order.what;
  const line: Line = { ...order.line, name: id.hook, number };
  const planned = await plan(place, { hooks: [line], keepOthers: true });
  if (failedGates(planned.gates).length > 0 && !order.force) return { kind: "stopped", number, plan: planned };
  const result = await deploy(place, {
    hooks: [line],
    keepOthers: true,
    expect: order.expect,
    ...(order.message && { message: order.message }),
    ...(order.force && { force: { reason: order.force } }),
  });
  return { kind: "live", number, result };
}

/** Saves the draft and makes a version of it. */
export async function versionOfDraft({ session, id }: HookPage, message: string): Promise<number> {
  const revision = await session?.saveNow();
  if (!revision) {
    const problem = "The draft could not be saved, so no version was made of it.";
    throw new ApiError({ code: "page_error", status: 0, message: problem });
  }
  const version = await makeVersion(id, revision, message || undefined);
  return version.number;
}
