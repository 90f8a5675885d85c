// Where the host calls of an invocation lie in its time. Calls that say when they began are put there; others follow one another,
// and the page says that the time between them is not known.
import type { HostCall } from "../../../api/queries/invocations.ts";
import { errorOf } from "./effects.ts";

export type Span = {
  id: string;
  name: string;
  startUs: number;
  lengthUs: number;
  isFailed: boolean;
};

export type Laid = {
  spans: Span[];
  /** Time in which the hook's own code ran, not the server for it. */
  ownUs: number;
  /** Whether the places of the spans are known, or only their order and lengths. */
  isPlaced: boolean;
};

type Timed = HostCall & { startedUs?: number | null };

export function laidOut(calls: readonly Timed[], totalUs: number): Laid {
  const isPlaced = calls.every((call) => typeof call.startedUs === "number");
  let end = 0;
  const spans = calls.map((call, index) => {
    const startUs = isPlaced ? (call.startedUs ?? 0) : end;
    end = startUs + call.durationUs;
    return {
      id: String(index + 1),
      name: call.name,
      startUs,
      lengthUs: call.durationUs,
      isFailed: errorOf(call) !== undefined,
    };
  });
  return { spans, ownUs: Math.max(0, totalUs - coveredBy(spans)), isPlaced };
}

/** The time that at least one of them covers: calls can be under way together. */
function coveredBy(spans: readonly Span[]): number {
  let covered = 0;
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.startUs - b.startUs)) {
    const spanEnd = span.startUs + span.lengthUs;
    covered += Math.max(0, spanEnd - Math.max(end, span.startUs));
    end = Math.max(end, spanEnd);
  }
  return covered;
}
