// What is recorded of a request, on one line of time: hooks with their host calls, and after the commit events, jobs, mails and
// deliveries.
import type { RequestTrace } from "../../../api/queries/requests.ts";
import type { Tone } from "../../../parts/tag.tsx";
import { lookOf } from "../../../words/outcomes.ts";

export type TraceSpan = {
  id: string;
  name: string;
  startUs: number;
  lengthUs: number;
  depth: number;
  tone: Tone;
  detail: string;
};

/** Hooks are recorded when they have ended: they began so much earlier. */
export function spansOf(trace: Pick<RequestTrace, "at" | "invocations">): { spans: TraceSpan[]; totalUs: number } {
  const ends = trace.invocations.map((one) => Date.parse(one.createdAt) * 1000);
  const begins = trace.invocations.map((one, at) => (ends[at] ?? 0) - one.durationUs);
  const first = Math.min(...begins);
  let after = 0;
  const spans = trace.invocations.map((one, at) => {
    // Records are written with milliseconds: two hooks of one request never ran at the same time.
    const startUs = Math.max(after, (begins[at] ?? first) - first);
    after = startUs + one.durationUs;
    return {
      id: one.id,
      name: one.point,
      startUs,
      lengthUs: one.durationUs,
      depth: 0,
      tone: lookOf(one.outcome).tone,
      detail: `${one.hook} v${one.version} ${lookOf(one.outcome).word}`,
    };
  });
  return { spans, totalUs: Math.max(1, after) };
}
