// The time until something that was planned, second by second.
import { useEffect, useState } from "react";
import { exact, utc } from "../../../parts/format.ts";
import styles from "./countdown.module.css";
import { left } from "./left.ts";

export function Countdown({ to }: { to: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className={styles.countdown} dateTime={utc(to)} title={`${exact(to)}\n${utc(to)} (UTC)`}>
      {left(Date.parse(to) - now)}
    </time>
  );
}
