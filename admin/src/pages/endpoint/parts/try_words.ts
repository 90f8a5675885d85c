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

/** `1 user, 1 session and 2 events`; of what remained, each thing once, however often it was changed. */
export function summary(effects: readonly TryEffect[]): string {
  const things = new Map<TryEffect["kind"], Set<unknown>>();
  for (const effect of effects) {
    if (!effect.remains) continue;
    const ofKind = things.get(effect.kind) ?? new Set();
    things.set(effect.kind, ofKind.add(thingOf(effect)));
  }
  const parts = [...things].map(([kind, { size }]) => plural(size, KINDS[kind], MANY[kind]));
  return new Intl.ListFormat("en").format(parts);
}

/** What an effect is about: a row by its id, and the session of a token; what has no name is a thing of its own. */
function thingOf(effect: TryEffect): unknown {
  const row = Object(effect.after ?? effect.before) as Record<string, unknown>;
  if (effect.operation === "call") return effect;
  return row.session_id ?? row.id ?? effect;
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
  if (of.mode === "live") {
    // Only what its hooks did is listed.
    const byHooks = changed && `, and its hooks left ${changed}`;
    return of.response.status < 400
      ? `This really happened: what the request stores, mails and events are real${byHooks}.`
      : `It ran in the environment itself and was refused${byHooks}.`;
  }
  return changed
    ? `Nothing was sent or stored: ${changed} simulated.`
    : "Nothing was sent or stored, and nothing would have been.";
}
