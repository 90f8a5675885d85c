// What was measured, beside its limit. A limit that is exceeded by more than a quarter fails, so that a busy machine does not.
import type { CDPSession, Page } from "playwright-core";
import { expect } from "vitest";
import type { Visit } from "./browser.ts";

/** How much worse than on paper a measured value may be. */
const SLACK = 1.25;

interface Figure {
  what: string;
  value: number;
  limit: number;
  unit: string;
  /** For what has to be at least as much. */
  isLeast: boolean;
}

/** The figures of one file of measurements. */
export class Figures {
  private readonly figures: Figure[] = [];

  note(what: string, value: number, limit: number, unit: string, isLeast = false): void {
    this.figures.push({ what, value: Math.round(value * 1000) / 1000, limit, unit, isLeast });
  }

  print(): void {
    const widest = Math.max(...this.figures.map((one) => one.what.length));
    for (const { what, value, limit, unit, isLeast } of this.figures)
      console.log(
        `${what.padEnd(widest)}  ${`${value}`.padStart(9)} ${unit.padEnd(5)} of ${isLeast ? "at least " : ""}${limit}`,
      );
  }

  keepLimits(): void {
    const isWithin = ({ value, limit, isLeast }: Figure) => (isLeast ? value * SLACK >= limit : value <= limit * SLACK);
    expect(this.figures.filter((one) => !isWithin(one))).toEqual([]);
  }
}

/** What the scripts below note in a page. */
export interface Watched {
  paint: number;
  shift: number;
  events: number[];
  tasks: number[];
  frames: number[];
  saves: number[];
}

export function watched<K extends keyof Watched>(page: Page, name: K): Promise<Watched[K]> {
  return page.evaluate((key) => (window as unknown as Watched)[key as K], name as string) as Promise<Watched[K]>;
}

export function watchPaint(): void {
  const seen = window as unknown as Watched;
  seen.paint = 0;
  seen.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) seen.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Interactions, and tasks that are longer than 50 ms, from now on. */
export function watchEvents(): void {
  const seen = window as unknown as Watched;
  seen.events = [];
  seen.tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.events.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
  }).observe({ type: "longtask" });
}

/** Nothing more has come for a while; streams stay open, so there is never nothing on the way. */
export async function settled({ page }: Visit): Promise<void> {
  let last = -1;
  for (let rounds = 0; rounds < 25; rounds++) {
    const count = await page.evaluate(() => performance.getEntriesByType("resource").length);
    if (count === last) return;
    last = count;
    await page.waitForTimeout(400);
  }
}

export async function heapOf(cdp: CDPSession): Promise<number> {
  for (let n = 0; n < 3; n++) await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Nothing slower than what is noted at all is 0. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** A page with nothing in the cache of the browser. */
export async function emptied({ page }: Visit): Promise<CDPSession> {
  await page.goto("about:blank");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.clearBrowserCache");
  return cdp;
}
