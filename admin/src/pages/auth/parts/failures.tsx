// How many invocations failed, with what they are a share of; a denial is no failure.
import type { DayFigures } from "../../../api/queries/endpoints.ts";
import { number, percent } from "../../../parts/format.ts";
import styles from "./failures.module.css";

export function Failures({ of }: { of: Pick<DayFigures, "calls" | "failures"> }) {
  if (of.failures === 0) return <>none of {number(of.calls)} failed</>;
  return (
    <span className={styles.failed} title={`${number(of.failures)} of ${number(of.calls)}`}>
      {percent(of.failures / of.calls)} of {number(of.calls)} failed
    </span>
  );
}
