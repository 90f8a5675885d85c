// The bars of the histogram: their heights, and what they say in words.
import { dayAndTime, number, percentOf } from "../../../parts/format.ts";

export type Bucket = { at: string; allow: number; patch: number; deny: number; failure: number };
export const KINDS = ["failure", "deny", "patch", "allow"] as const;
export type Kind = (typeof KINDS)[number];

export type Part = { kind: Kind; count: number /** Of the height of the tallest bar, 0 to 100. */; height: number };
export type Bar = { at: string; until: string; total: number; parts: Part[] };

export function totalOf(bucket: Bucket): number {
  return bucket.allow + bucket.patch + bucket.deny + bucket.failure;
}

/** Failures are at the bottom, where a few of them are seen. */
export function barsOf(buckets: readonly Bucket[], stepSeconds: number): Bar[] {
  const tallest = Math.max(1, ...buckets.map(totalOf));
  return buckets.map((bucket) => ({
    at: bucket.at,
    until: new Date(Date.parse(bucket.at) + stepSeconds * 1000).toISOString(),
    total: totalOf(bucket),
    parts: KINDS.filter((kind) => bucket[kind] > 0).map((kind) => ({
      kind,
      count: bucket[kind],
      height: (bucket[kind] / tallest) * 100,
    })),
  }));
}

/** `412 invocations: 3 failed (0.7 % of 412), 20 denied. Most at Nov 30, 14:00: 80.` */
export function said(buckets: readonly Bucket[]): string {
  const sum = (kind: Kind) => buckets.reduce((all, bucket) => all + bucket[kind], 0);
  const total = buckets.reduce((all, bucket) => all + totalOf(bucket), 0);
  if (total === 0) return "No invocation in this time.";
  const [failed, denied] = [sum("failure"), sum("deny")];
  const most = buckets.reduce((best, bucket) => (totalOf(bucket) > totalOf(best) ? bucket : best));
  const parts = [
    failed > 0 ? `${number(failed)} failed (${percentOf(failed, total)})` : "none failed",
    denied > 0 ? `${number(denied)} denied` : "none denied",
  ];
  return `${number(total)} invocations: ${parts.join(", ")}. Most at ${dayAndTime(most.at)}: ${number(totalOf(most))}.`;
}
