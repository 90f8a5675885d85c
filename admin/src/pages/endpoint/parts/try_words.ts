// What was tried, in words: what changed or would have, and the spans of its steps.
import type { TriedRequest, TryEffect, TryStep } from "../../../api/queries/tries.ts";
import { plural } from "../../../parts/format.ts";
import type { Tone } from "../../../parts/tag.tsx";
import { lookOf } from "../../../words/outcomes.ts";

const KINDS: Record<TryEffect["kind"], string> = {
  user: "user",
  session: "session",
  token: "one-time token",
  identity: "identity",
  factor: "second factor",
  mail: "mail",
  job: "job",
  event: "event",
  audit: "audit log entry",
  other: "other row",
  cache: "cache entry",
  database: "write to own tables",
  request: "request to another host",
};
const MANY: Partial<Record<TryEffect["kind"], string>> = {
  identity: "identities",
  audit: "audit log entries",
  cache: "cache entries",
  database: "writes to own tables",
  request: "requests to other hosts",
};
const DONE: Record<TryEffect["operation"], string> = {
  insert: "created",
  update: "changed",
  delete: "deleted",
  call: "changed",
};
/** What calls of hooks change outside of the tables of the server. */
const CALLED: Partial<Record<TryEffect["kind"], string>> = {
  cache: "Cache written",
  database: "Rows of own tables written",
  request: "Request to another host",
};

/** `1 user, 1 session and 2 events`; of what remained. */
export function summary(effects: readonly TryEffect[]): string {
  const counts = new Map<TryEffect["kind"], number>();
  for (const { kind, remains } of effects) if (remains) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => plural(count, KINDS[kind], MANY[kind]));
  return new Intl.ListFormat("en").format(parts);
}

/** `User created`, `Cache written`. */
export function titleOf(effect: TryEffect): string {
  const called = effect.operation === "call" ? CALLED[effect.kind] : undefined;
  if (called) return called;
  const kind = KINDS[effect.kind];
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${DONE[effect.operation]}`;
}

const DEPTH: Record<TryStep["kind"], number> = { request: 0, point: 1, commit: 1, hook: 2 };

export type StepSpan = {
  id: string;
  name: string;
  startUs: number;
  lengthUs: number;
  depth: number;
  tone: Tone;
  step: TryStep;
};

export function spansOf(steps: readonly TryStep[]): StepSpan[] {
  return steps.map((step, index) => ({
    id: String(index),
    name: nameOf(step),
    startUs: step.offsetUs,
    lengthUs: step.durationUs,
    depth: DEPTH[step.kind],
    tone: toneOf(step),
    step,
  }));
}

function nameOf(step: TryStep): string {
  if (step.kind !== "hook" || !step.hook) return step.name;
  return step.version ? `${step.hook} v${step.version}` : `${step.hook}, draft`;
}

function toneOf(step: TryStep): Tone {
  if (step.kind === "hook") return lookOf(step.outcome).tone;
  if (step.kind === "request") return toneOfStatus(Number(step.outcome));
  return step.outcome === "refused" ? "deny" : "neutral";
}

/** A refusal is a decision, a fault of the server or of a hook is none. */
export function toneOfStatus(status: number): Tone {
  if (status >= 500) return "fail";
  return status >= 400 ? "deny" : "allow";
}

/** What was touched, in one sentence. */
export function promise(of: TriedRequest): string {
  const changed = summary(of.effects);
  if (of.mode === "live")
    return changed ? `This really happened: ${changed}.` : "It ran in the environment, and nothing changed.";
  return changed
    ? `Nothing was sent or stored: ${changed} simulated.`
    : "Nothing was sent or stored, and nothing would have been.";
}
