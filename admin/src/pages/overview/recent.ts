// Figures of the last invocations that the server lists. Each share is shown with what it is a share of.
import type { Invocation } from "../../../../docs/openapi.d.ts";
import { isFailure } from "./needs.ts";

export type Recent = {
  total: number;
  /** When the oldest of them was. */
  since: string | null;
  denied: number;
  failed: number;
  p95Us: number | null;
};

export function recentOf(invocations: readonly Invocation[]): Recent {
  const durations = invocations.map((one) => one.durationUs).sort((a, b) => a - b);
  return {
    total: invocations.length,
    since: invocations.at(-1)?.createdAt ?? null,
    denied: invocations.filter((one) => one.outcome === "deny").length,
    failed: invocations.filter((one) => isFailure(one.outcome)).length,
    p95Us: durations[Math.max(Math.ceil(durations.length * 0.95) - 1, 0)] ?? null,
  };
}
