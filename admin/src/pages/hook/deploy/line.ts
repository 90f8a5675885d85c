// The line of the hook in the live deployment: what is sent beside another version, so that it changes nothing else.
import { useQuery } from "@tanstack/react-query";
import type { FailurePolicy, HookState } from "../../../../../docs/openapi.d.ts";
import { deployment } from "../../../api/queries/deployments.ts";
import { liveHooks } from "../../../api/queries/hooks.ts";
import { useHookPage } from "../draft/draft_context.tsx";

export type LiveLine = {
  /** The deployment that is live; 0 if none is. */
  number: number;
  state: HookState;
  failurePolicy: FailurePolicy | null;
  isPending: boolean;
};

export function useLine(): LiveLine {
  const { place, id, live } = useHookPage();
  const all = useQuery(liveHooks(place));
  const number = all.data?.number ?? 0;
  const detail = useQuery({ ...deployment(place, number), enabled: number > 0 && live !== null });
  const line = detail.data?.hooks.find((one) => one.name === id.hook);
  return {
    number,
    state: line?.state ?? "enabled",
    failurePolicy: line?.failurePolicy ?? null,
    isPending: all.isPending || (live !== null && detail.isPending),
  };
}

/** The members of a line that differ from what holds if they are left out. */
export function sentOf(line: Pick<LiveLine, "state" | "failurePolicy">) {
  return {
    ...(line.failurePolicy && { failurePolicy: line.failurePolicy }),
    ...(line.state === "disabled" && { enabled: false }),
  };
}
