// Numbers, durations, sizes and times on a page: short, with the exact value for whoever points at them or reaches them by
// keyboard.
import { useSyncExternalStore } from "react";
import styles from "./figures.module.css";
import { ago, bytes, clock, duration, exact, fuel, memory, number, percent, stamp, utc } from "./format.ts";

type Known<T> = T | null | undefined;
const NOTHING = "–";

function Figure({ shown, exactly }: { shown: string; exactly?: string }) {
  return (
    <span className={styles.figure} title={exactly === shown ? undefined : exactly}>
      {shown}
    </span>
  );
}

export function Num({ n }: { n: Known<number> }) {
  return n === null || n === undefined ? <Figure shown={NOTHING} /> : <Figure shown={number(n)} />;
}

export function Duration({ us }: { us: Known<number> }) {
  if (us === null || us === undefined) return <Figure shown={NOTHING} />;
  return <Figure shown={duration(us)} exactly={`${number(us)} µs`} />;
}

export function Bytes({ n, isMemory }: { n: Known<number>; isMemory?: boolean }) {
  if (n === null || n === undefined) return <Figure shown={NOTHING} />;
  return <Figure shown={isMemory ? memory(n) : bytes(n)} exactly={`${number(n)} bytes`} />;
}

export function Fuel({ n }: { n: Known<number> }) {
  return n === null || n === undefined ? (
    <Figure shown={NOTHING} />
  ) : (
    <Figure shown={fuel(n)} exactly={`${number(n)} fuel`} />
  );
}

/** A share with what it is a share of: 2.1 % of 4,810. */
export function PercentOf({ n, total }: { n: Known<number>; total: Known<number> }) {
  if (n === null || n === undefined || !total) return <Figure shown={NOTHING} />;
  return (
    <span className={styles.figure} title={`${number(n)} of ${number(total)}`}>
      {percent(n / total)} <span className={styles.of}>of {number(total)}</span>
    </span>
  );
}

/** A moment: "3 min ago", or the clock in a tail; the exact time, here and in UTC, when it is pointed at. */
export function Time({ at, as = "ago" }: { at: Known<string | number>; as?: "ago" | "clock" | "exact" | "stamp" }) {
  const now = useMinute();
  if (at === null || at === undefined) return <Figure shown={NOTHING} />;
  // What happened since the last tick is not in the future.
  const isJustNow = new Date(at).getTime() > now && new Date(at).getTime() <= Date.now();
  const shown =
    as === "stamp"
      ? stamp(at)
      : as === "clock"
        ? clock(at)
        : as === "exact"
          ? exact(at)
          : ago(at, isJustNow ? Date.now() : now);
  return (
    <time className={styles.figure} dateTime={utc(at)} title={`${exact(at)}\n${utc(at)} (UTC)`}>
      {shown}
    </time>
  );
}

const TICK_MS = 10_000;
let minute = Date.now();
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times of a page, which stops while none is shown. */
function useMinute(): number {
  return useSyncExternalStore(
    (tell) => {
      waiting.add(tell);
      timer ??= setInterval(() => {
        minute = Date.now();
        for (const one of waiting) one();
      }, TICK_MS);
      return () => {
        waiting.delete(tell);
        if (waiting.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    () => {
      if (Date.now() - minute > TICK_MS) minute = Date.now();
      return minute;
    },
  );
}
