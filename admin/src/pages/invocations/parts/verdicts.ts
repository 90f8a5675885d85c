// What a verdict of a replay means, in a sentence.
import type { ReplayDivergence, ReplayResult } from "../../../../../docs/openapi.d.ts";
import { subject } from "./subject.ts";

export const VERDICTS: Record<ReplayResult["verdict"], string> = {
  identical: "The same reply, the same host calls and the same fuel.",
  same_decision: "The same kind of decision; the reply, the host calls or the fuel differ.",
  changed: "Another decision than the one that was recorded.",
  diverged: "It asked for something else than it had asked for, and the record has no answer to that.",
  unknown: "Nothing can be said.",
};

/** `At host call 2 it asked db.query (SELECT …) where the record has cache.get (…).` */
export function divergence(at: ReplayDivergence, hook: string): string {
  const asked = `${at.found.name} (${subject(at.found.arguments)})`;
  if (!at.expected) return `At host call ${at.call}, ${hook} asked ${asked}; the record ends before that.`;
  return `At host call ${at.call}, ${hook} asked ${asked} where the record has ${at.expected.name} (${subject(at.expected.arguments)}).`;
}
