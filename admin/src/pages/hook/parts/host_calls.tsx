// What a hook asked the server for, in order, with what it was answered.
import type { HostCall } from "../../../../../docs/openapi.d.ts";
import { Duration } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { subject } from "../../invocations/parts/subject.ts";
import styles from "./host_calls.module.css";

export function HostCalls({ calls }: { calls: readonly HostCall[] }) {
  return (
    <ol className={styles.calls}>
      {calls.map((call, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a run are in order and never change
        <li key={at}>
          <details>
            <summary className={styles.summary}>
              <span className={styles.number}>{at + 1}</span>
              <code>{call.name}</code>
              <span className={styles.arguments}>{subject(call.arguments)}</span>
              <Duration us={call.durationUs} />
            </summary>
            <JsonView value={{ arguments: call.arguments, answer: call.answer }} name={call.name} isSearchHidden />
          </details>
        </li>
      ))}
    </ol>
  );
}
