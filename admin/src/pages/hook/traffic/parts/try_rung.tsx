// One call that somebody writes: the test of the hook, and the cases that are kept.
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Button } from "../../../../parts/button.tsx";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { Cases } from "../../test/parts/cases.tsx";
import { RunResult } from "../../test/parts/run_result.tsx";
import { useTests } from "../../test/use_tests.ts";
import styles from "../traffic.module.css";

export function TryRung({ target }: { target: Target }) {
  const { place, id } = useHookPage();
  const tests = useTests(target);
  return (
    <>
      <Section
        title="One call"
        actions={
          <>
            <ButtonLink to="/p/$project/$environment/hooks/$hook/test" params={{ ...place, hook: id.hook }}>
              Change the input
            </ButtonLink>
            <Button
              kind="primary"
              icon="play"
              onPress={() => void tests.runOnce()}
              isPending={tests.run.kind === "running"}
            >
              Run test
            </Button>
          </>
        }
      >
        <p className={styles.dim}>
          {tests.current
            ? `The input of the tab Test, at ${tests.current.point.name}${tests.current.given.from ? `: ${tests.current.given.from}` : ""}.`
            : ""}
        </p>
        <RunResult tests={tests} />
      </Section>
      <Cases tests={tests} />
    </>
  );
}
