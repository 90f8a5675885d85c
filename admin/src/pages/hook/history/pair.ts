// Two sides of a comparison, as they are picked and as the address has them. Pure.
import type { Side } from "../../../api/queries/versions.ts";

export type Picked = readonly Side[];

/** The older of two goes left, whichever was picked first. */
export function pairOf(picked: Picked): string | null {
  const [a, b] = picked;
  if (a === undefined || b === undefined) return null;
  const rank = (side: Side) => (side === "draft" ? Number.POSITIVE_INFINITY : side);
  return rank(a) < rank(b) ? `${a}..${b}` : `${b}..${a}`;
}

/** `12..13`, `13..draft`; none if it is neither. */
export function readPair(pair: string): { a: Side; b: Side } | null {
  const found = /^([1-9]\d*|draft)\.\.([1-9]\d*|draft)$/.exec(pair);
  const side = (text: string | undefined): Side => (text === "draft" ? "draft" : Number(text));
  return found ? { a: side(found[1]), b: side(found[2]) } : null;
}
