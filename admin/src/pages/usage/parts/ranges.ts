// Ranges of time that are chosen by name. In the address they are absolute, so that a link shows tomorrow what it shows today.

export type Range = "day" | "week" | "month";

export const RANGES: readonly { value: Range; title: string; hours: number }[] = [
  { value: "day", title: "24 hours", hours: 24 },
  { value: "week", title: "7 days", hours: 7 * 24 },
  { value: "month", title: "31 days", hours: 31 * 24 },
];

const HOUR_MS = 3_600_000;

/** The last 24 hours are what an address without a time shows: they go along with the clock. */
export function timeOf(range: Range, now: number): { from?: string; to?: string } {
  const hours = RANGES.find(({ value }) => value === range)?.hours ?? 24;
  if (range === "day") return {};
  return { from: new Date(now - hours * HOUR_MS).toISOString(), to: new Date(now).toISOString() };
}

/** Which of them a time is, if it is one. */
export function rangeOf(from: string | undefined, to: string | undefined): Range | undefined {
  if (!from && !to) return "day";
  const length = Date.parse(to ?? "") - Date.parse(from ?? "");
  return RANGES.find(({ hours }) => length === hours * HOUR_MS)?.value;
}
