// The cases that are kept with the hook: each call with what must come of it. Deployments run them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { HookCase, HookCaseResult } from "../../../../../../docs/openapi.d.ts";
import { casesOf, deleteCase } from "../../../../api/queries/cases.ts";
import { Button } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { Duration, Fuel, Time } from "../../../../parts/figures.tsx";
import { plural } from "../../../../parts/format.ts";
import { Menu } from "../../../../parts/menu.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useRights } from "../../../../parts/rights.ts";
import { shownKeys } from "../../../../parts/shortcuts.ts";
import { Answer, Empty, Problem } from "../../../../parts/states.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import type { CasesState } from "../test_bench.ts";
import { ofCase } from "../test_input.ts";
import type { Tests } from "../use_tests.ts";
import styles from "./cases.module.css";

export function Cases({ tests }: { tests: Tests }) {
  const { id } = useHookPage();
  const cases = useQuery(casesOf(id));
  const count = cases.data?.cases.length ?? 0;
  return (
    <Section
      title="Cases"
      lead={leadOf(tests.cases)}
      actions={
        <>
          <kbd className={styles.keys}>{shownKeys("mod+Shift+Enter").join(" ")}</kbd>
          <Button
            icon="play"
            onPress={() => void tests.runAllCases()}
            isPending={tests.cases.kind === "running"}
            whyNot={tests.whyNot ?? (cases.data && count === 0 ? "There is no case yet" : undefined)}
          >
            Run all cases
          </Button>
        </>
      }
    >
      {tests.cases.kind === "failed" && <Problem error={tests.cases.error} />}
      <Answer
        query={cases}
        what="the cases"
        isEmpty={(list) => list.cases.length === 0}
        empty={
          <Empty sentence="No case yet. Run a test and save it, or make one of a real invocation: from then on every deployment checks it." />
        }
      >
        {(list) => <CaseList tests={tests} cases={list.cases} />}
      </Answer>
    </Section>
  );
}

function leadOf(state: CasesState): string {
  if (state.kind !== "done") return "Every deployment that changes this hook runs them.";
  const { passed, failed } = state.result;
  const said = failed === 0 ? `${plural(passed, "case")} passed` : `${plural(failed, "case")} failed, ${passed} passed`;
  return `${said} with ${state.label}.`;
}

function CaseList({ tests, cases }: { tests: Tests; cases: readonly HookCase[] }) {
  const results = tests.cases.kind === "done" ? tests.cases.result.cases : [];
  const [deleted, setDeleted] = useState<string | null>(null);
  const { id } = useHookPage();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: (name: string) => deleteCase(id, name),
    onSettled: () => cache.invalidateQueries({ queryKey: casesOf(id).queryKey }),
  });
  return (
    <>
      <ul className={styles.cases}>
        {cases.map((one) => (
          <Case
            key={one.name}
            one={one}
            result={results.find((result) => result.name === one.name)}
            onOpen={() => tests.bench.type(one.point, ofCase(one.name, one.document))}
            onDelete={() => setDeleted(one.name)}
          />
        ))}
      </ul>
      <ConfirmDialog
        title={`Delete the case ${deleted ?? ""}?`}
        consequence="Deployments no longer run it. It cannot be brought back."
        action="Delete the case"
        isOpen={deleted !== null}
        onClose={() => setDeleted(null)}
        onConfirm={() => remove.mutateAsync(deleted ?? "")}
      />
    </>
  );
}

type CaseProps = { one: HookCase; result: HookCaseResult | undefined; onOpen: () => void; onDelete: () => void };

function Case({ one, result, onOpen, onDelete }: CaseProps) {
  const readOnly = useRights().why("hooks:deploy");
  return (
    <li className={styles.case}>
      <div className={styles.line}>
        <span className={styles.state}>{result && <Status of={result.ok ? "passed" : "failed"} />}</span>
        <button type="button" className={styles.name} onClick={onOpen} title="Use it as the input">
          {one.name}
        </button>
        <span className={styles.dim}>{one.point}</span>
        <span className={styles.dim}>{expectationOf(one)}</span>
        <span className={styles.figures}>
          {result ? (
            <>
              <Fuel n={result.fuel} /> · <Duration us={result.durationUs} />
            </>
          ) : (
            <Time at={one.updatedAt} />
          )}
        </span>
        <Menu
          label={`Actions of ${one.name}`}
          small
          items={[
            { id: "open", title: "Use it as the input", onAction: onOpen },
            { id: "delete", title: "Delete…", isDanger: true, onAction: onDelete, whyNot: readOnly },
          ]}
        />
      </div>
      {result && !result.ok && (
        <ul className={styles.problems}>
          {result.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What a case expects, in a few words. */
function expectationOf({ document }: HookCase): string {
  const expect = document.expect as { reply?: { kind?: string }; replyIncludes?: { kind?: string } } | undefined;
  const kind = expect?.reply?.kind ?? expect?.replyIncludes?.kind;
  return kind ? `expects ${kind}` : "";
}
