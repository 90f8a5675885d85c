// The request that starts a rollout, from its form, and the figures of a rollout in words. Pure.
import type { Rollout, RolloutKind, RolloutSide, ShadowFigures } from "../../../../../docs/openapi.d.ts";
import type { RolloutRequest } from "../../../api/queries/rollouts.ts";
import { number, percentage, plural } from "../../../parts/format.ts";
import type { Headline } from "./matrix.ts";

export type Typed = {
  /** In percent; `null` while it is no number. */
  share: number | null;
  hours: number;
  stickyBy: "user" | "ip";
  /** `null`: never for that. */
  failures: number | null;
  denials: number | null;
  minCalls: number | null;
};

export const FIRST: Typed = { share: 5, hours: 4, stickyBy: "user", failures: 1, denials: 3, minCalls: 200 };

/** Two weeks: a rollout that nobody looks at any more ends by itself. */
export const HOURS: readonly { hours: number; title: string }[] = [
  { hours: 1, title: "In 1 hour" },
  { hours: 4, title: "In 4 hours" },
  { hours: 24, title: "In 1 day" },
  { hours: 72, title: "In 3 days" },
  { hours: 168, title: "In 1 week" },
  { hours: 336, title: "In 2 weeks" },
];

/** What is wrong with what was typed; `null` if nothing is. */
export function problemOf(kind: RolloutKind, typed: Typed): string | null {
  if (typed.share === null || typed.share < 0.1 || typed.share > 100) return "The share is 0.1 to 100 percent";
  if (kind === "shadow") return null;
  if (typed.failures !== null && (typed.failures < 0 || typed.failures > 100)) return "Failures are 0 to 100 percent";
  if (typed.denials !== null && (typed.denials < 1 || typed.denials > 1000)) return "Denials are 1 to 1,000 times";
  const { minCalls } = typed;
  if (minCalls === null || minCalls < 1 || minCalls > 1_000_000 || !Number.isInteger(minCalls))
    return "Calls before it is judged: a whole number from 1";
  return null;
}

export function requestOf(kind: RolloutKind, version: number, typed: Typed, now: number): RolloutRequest {
  const { share, hours, stickyBy, failures, denials, minCalls } = typed;
  return {
    kind,
    version,
    share: share ?? 0,
    stickyBy,
    until: new Date(now + hours * 3_600_000).toISOString(),
    ...(kind === "canary" && { stopIf: { failures, denials, minCalls: minCalls ?? 0 } }),
  };
}

/** The same rollout with another share. */
export function withShare(rollout: Rollout, share: number): RolloutRequest {
  const { kind, version, stickyBy, until, stopIf } = rollout;
  return { kind, version, share, stickyBy, until, stopIf };
}

const STEPS = [1, 5, 10, 25, 50, 100];

/** The shares that it can be raised to at a press: the next one, and all. */
export function nextShares(share: number): number[] {
  const greater = STEPS.filter((step) => step > share);
  return [...new Set([greater[0], greater.at(-1)])].filter((step) => step !== undefined);
}

/** "14 of 200 calls: too early to say". A colour is not shown for few calls, and neither is a word that sounds like one. */
export function verdictOf(rollout: Rollout): string {
  const { calls } = rollout.comparison.candidate;
  const { minCalls } = rollout.stopIf;
  if (rollout.state !== "running") return rollout.reason ?? "Ended";
  if (rollout.kind === "shadow") return plural(calls, "call");
  if (rollout.verdict === "too_early") return `${number(calls)} of ${number(minCalls)} calls: too early to say`;
  return `${plural(calls, "call")}, and nothing that stops it`;
}

/** When it stops by itself, in one sentence. */
export function rulesOf({ stopIf, kind }: Rollout): string {
  const rules = [
    stopIf.failures !== null && `more than ${percentage(stopIf.failures)} of its calls fail`,
    stopIf.denials !== null && `it denies more than ${number(stopIf.denials)} times as often as the live version`,
  ].filter((rule) => rule !== false);
  if (rules.length === 0) return kind === "shadow" ? "It harms nobody, so nothing stops it." : "No rule stops it.";
  return `Stops by itself if ${rules.join(", or ")}; not before ${plural(stopIf.minCalls, "call")}.`;
}

export type SideFigure = { n: number; of: number };

/** What is compared of both sides. */
export function figuresOf(side: RolloutSide): { failures: SideFigure; denials: SideFigure } {
  return {
    failures: { n: side.failures, of: side.calls },
    denials: { n: side.denials, of: side.calls },
  };
}

/** What a shadow decided otherwise, with the same words as a backtest. What only was simulated is a guess, and counted apart. */
export function shadowHeadlines(figures: ShadowFigures): Pick<Headline, "kind" | "count" | "title">[] {
  return [
    { kind: "same", count: figures.same, title: "decided the same" },
    { kind: "now_denied", count: figures.nowDenied, title: "would have been denied" },
    { kind: "now_allowed", count: figures.nowAllowed, title: "would have been let in" },
    { kind: "new_failure", count: figures.newFailures, title: "new failures" },
    { kind: "other", count: figures.changedPatches + figures.other, title: "changed otherwise" },
  ];
}
