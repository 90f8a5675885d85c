// The test beside the code: the same as the tab, in a column.
import { useEffect, useRef } from "react";
import { IconButton } from "../../../../parts/button.tsx";
import { Link } from "../../../../parts/link.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { useTests } from "../use_tests.ts";
import { CasesSummary } from "./cases_summary.tsx";
import { RunResult } from "./run_result.tsx";
import styles from "./test_beside.module.css";
import { TestInput } from "./test_input.tsx";

export function TestBeside({ onClose }: { onClose: () => void }) {
  const tests = useTests();
  const { place, id } = useHookPage();
  const result = useRef<HTMLDivElement>(null);
  const { run, cases } = tests;
  // What came of it is what was asked for: it is brought into sight.
  useEffect(() => {
    if (run.kind !== "none" || cases.kind !== "none") result.current?.scrollIntoView({ block: "nearest" });
  }, [run, cases]);
  return (
    <aside className={styles.beside} aria-label="Test">
      <header className={styles.head}>
        <h2>Test</h2>
        <span className={styles.tools}>
          <Link to="/p/$project/$environment/hooks/$hook/test" params={{ ...place, hook: id.hook }}>
            Open the tab
          </Link>
          <IconButton icon="close" label="Close the test" small onPress={onClose} />
        </span>
      </header>
      <div className={styles.body}>
        <TestInput tests={tests} rows={9} />
        <div ref={result} className={styles.result}>
          <CasesSummary tests={tests} />
          <RunResult tests={tests} />
        </div>
      </div>
    </aside>
  );
}
