// The hook that handles the jobs of a queue, or that none does.
import type { QueueCounts } from "../../../api/queries/queues.ts";
import { Link } from "../../../parts/link.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { usePlace } from "../../../parts/place.ts";
import styles from "./consumer.module.css";

export function Consumer({ of }: { of: Pick<QueueCounts, "consumer"> }) {
  const place = usePlace();
  if (!of.consumer) return <span className={styles.none}>no live hook: its jobs wait</span>;
  const { hook, version, state } = of.consumer;
  return (
    <>
      <Link to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook }}>
        {hook}
      </Link>{" "}
      <span className={styles.version}>v{version}</span> {state === "disabled" && <Status of="disabled" />}
    </>
  );
}
