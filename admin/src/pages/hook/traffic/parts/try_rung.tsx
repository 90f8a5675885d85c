// One call that somebody writes: of the hook alone, with the cases that are kept, or a whole request from end to end.
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Button } from "../../../../parts/button.tsx";
import { Choice } from "../../../../parts/choice.tsx";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { trafficRoute } from "../../parts/hook_route.ts";
import { Cases } from "../../test/parts/cases.tsx";
import { RunResult } from "../../test/parts/run_result.tsx";
import { type Tests, useTests } from "../../test/use_tests.ts";
import styles from "../traffic.module.css";
import { EndToEnd } from "./end_to_end.tsx";

const WAYS = [
  { value: "hook", title: "The hook alone" },
  { value: "request", title: "A request, end to end" },
] as const;

/** The endpoint of the address until one is chosen. */
const FIRST = "first";

export function TryRung({ target }: { target: Target }) {
  const { endpoint } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const tests = useTests(target);
  return (
    <>
      <Choice
        label="What is tried"
        options={WAYS}
        value={endpoint === undefined ? "hook" : "request"}
        onChange={(way) =>
          void navigate({
            search: (now) => ({ ...now, endpoint: way === "request" ? FIRST : undefined }),
            replace: true,
          })
        }
      />
      {endpoint === undefined ? (
        <>
          <OneCall tests={tests} />
          <Cases tests={tests} />
        </>
      ) : (
        <EndToEnd target={target} points={tests.points.map((point) => point.name)} operation={endpoint} />
      )}
    </>
  );
}

function OneCall({ tests }: { tests: Tests }) {
  const { place, id } = useHookPage();
  return (
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
            whyNot={tests.whyNot}
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
  );
}
