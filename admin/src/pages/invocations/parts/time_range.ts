// The part of the time that the histogram shows, and how long its steps are: what the filters say, or the last day.

/** More bars than these cannot be told apart. */
const MOST_BARS = 60;
const DAY_S = 86_400;
/** The server looks no further. */
const LONGEST_S = 31 * DAY_S;
const STEPS_S = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

export type TimeRange = { from: string; to: string; step: number };

/** Ends at a step, so that it stays the same while somebody looks. */
export function timeRange(filter: { from?: string; to?: string }, now: number): TimeRange {
  const givenTo = filter.to ? Date.parse(filter.to) / 1000 : now / 1000;
  const givenFrom = filter.from ? Date.parse(filter.from) / 1000 : givenTo - DAY_S;
  const length = Math.min(Math.max(givenTo - givenFrom, 1), LONGEST_S);
  const step = STEPS_S.find((one) => length / one <= MOST_BARS) ?? DAY_S;
  const to = filter.to ? givenTo : Math.ceil(givenTo / step) * step;
  const from = filter.from ? Math.max(givenFrom, to - LONGEST_S) : to - length;
  return { from: iso(from), to: iso(to), step };
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
