// What the invocations at an endpoint came to within the last day: by hour, the newest, how many failed, and how long they took.
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { Duration, Time } from "../../../parts/figures.tsx";
import { plural } from "../../../parts/format.ts";
import { Outcome } from "../../../parts/outcome.tsx";
import { Spark } from "../../../parts/spark.tsx";
import styles from "./day.module.css";
import { Failures } from "./failures.tsx";

export function Day({ of }: { of: Pick<EndpointWithHooks, "figures" | "hours" | "hooks"> }) {
  const { figures, hours } = of;
  if (of.hooks.length === 0) return null;
  if (figures.calls === 0 || !figures.last) return <span className={styles.none}>no invocation</span>;
  const calls = hours.map((hour) => hour.calls);
  return (
    <span className={styles.day}>
      <Spark
        values={calls}
        tone={figures.failures > 0 ? "fail" : "accent"}
        label={`${plural(figures.calls, "invocation")} in 24 hours, at most ${Math.max(...calls)} in one`}
      />
      <span>
        <Outcome of={figures.last.outcome} />{" "}
        <span className={styles.dim}>
          <Time at={figures.last.at} />
        </span>
      </span>
      <span className={styles.dim}>
        <Failures of={figures} />
      </span>
      <span className={styles.dim}>
        p95 <Duration us={figures.p95Us} />
      </span>
    </span>
  );
}
