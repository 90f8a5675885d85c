// Chooses the version that is tried.
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { SelectField } from "../../../../parts/field.tsx";
import { useDraftIfAny, useHookPage } from "../../draft/draft_context.tsx";
import styles from "../traffic.module.css";

export function TargetField({ target, onChoose }: { target: Target; onChoose: (target: Target) => void }) {
  const { session, live, summary } = useHookPage();
  const revision = useDraftIfAny(session, ({ state }) => state.saved.revision);
  const numbers = Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at);
  const options = [
    ...(revision === null ? [] : [{ value: "draft", title: `Draft r${revision}` }]),
    ...(live ? [{ value: "live", title: `Version ${live.number}, live` }] : []),
    ...numbers
      .filter((number) => number !== live?.number)
      .map((number) => ({ value: String(number), title: `Version ${number}` })),
  ];
  return (
    <div className={styles.target}>
      <SelectField
        name="target"
        label="Try"
        value={String(target)}
        onChange={(value) => onChoose(value === "draft" || value === "live" ? value : Number(value))}
        options={options}
      />
    </div>
  );
}
