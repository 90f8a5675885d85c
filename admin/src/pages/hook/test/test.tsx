// The tests of a hook: one run on an input that somebody chooses, with its result beside it, and the cases that are kept.

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { casesOf } from "../../../api/queries/cases.ts";
import { invocation } from "../../../api/queries/invocations.ts";
import { Section } from "../../../parts/page.tsx";
import { Problem } from "../../../parts/states.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import { testRoute } from "../parts/hook_route.ts";
import { Cases } from "./parts/cases.tsx";
import { RunResult } from "./parts/run_result.tsx";
import { TestInput } from "./parts/test_input.tsx";
import styles from "./test.module.css";
import { ofCase, ofInvocation } from "./test_input.ts";
import { useRunKeys } from "./use_run_keys.ts";
import { type Tests, useTests } from "./use_tests.ts";

export function Test() {
  const tests = useTests();
  useRunKeys(tests);
  return (
    <div className={styles.test}>
      <FromAddress tests={tests} />
      <div className={styles.sides}>
        <Section title="Input">
          <TestInput tests={tests} />
        </Section>
        <Section title="Result">
          <RunResult tests={tests} />
        </Section>
      </div>
      <Cases tests={tests} />
    </div>
  );
}

/** An address can name a case or an invocation that the input is to be taken from. */
function FromAddress({ tests }: { tests: Tests }) {
  const { place, id } = useHookPage();
  const { call, case: name } = testRoute.useSearch();
  const navigate = testRoute.useNavigate();
  const recorded = useQuery({ ...invocation(place, call ?? ""), enabled: call !== undefined });
  const cases = useQuery({ ...casesOf(id), enabled: name !== undefined });
  const { bench } = tests;
  useEffect(() => {
    if (!recorded.data || call === undefined) return;
    bench.type(recorded.data.point, ofInvocation(recorded.data));
    void navigate({ search: {}, replace: true });
  }, [recorded.data, call, bench, navigate]);
  useEffect(() => {
    const found = cases.data?.cases.find((one) => one.name === name);
    if (!found) return;
    bench.type(found.point, ofCase(found.name, found.document));
    void navigate({ search: {}, replace: true });
  }, [cases.data, name, bench, navigate]);
  return recorded.error ? <Problem error={recorded.error} what="the invocation" /> : null;
}
