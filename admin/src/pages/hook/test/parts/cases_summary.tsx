// How the cases went, in a line or two, where there is no room for all of them.

import { plural } from "../../../../parts/format.ts";
import { Status } from "../../../../parts/outcome.tsx";
import { Problem } from "../../../../parts/states.tsx";
import type { Tests } from "../use_tests.ts";
import styles from "./cases.module.css";

export function CasesSummary({ tests }: { tests: Tests }) {
  const { cases } = tests;
  if (cases.kind === "none") return null;
  if (cases.kind === "running") return <p className={styles.dim}>Running all cases…</p>;
  if (cases.kind === "failed") return <Problem error={cases.error} />;
  const { passed, failed } = cases.result;
  const failing = cases.result.cases.filter((one) => !one.ok);
  return (
    <div className={styles.summary} role="status">
      <Status
        of={failed > 0 ? "failed" : passed > 0 ? "passed" : "none"}
        word={failed > 0 ? `${plural(failed, "case")} failed, ${passed} passed` : `${plural(passed, "case")} passed`}
      />
      {failing.map((one) => (
        <p key={one.name} className={styles.problems}>
          {one.name}: {one.problems.join("; ")}
        </p>
      ))}
    </div>
  );
}
