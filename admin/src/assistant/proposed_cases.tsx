// Test cases that the model proposes. Each was run before it is shown; a person adds those that should hold from now on.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ProposedCase } from "../api/queries/assistant.ts";
import { casesOf, putCase } from "../api/queries/cases.ts";
import { useHookPage } from "../pages/hook/draft/draft_context.tsx";
import { Button } from "../parts/button.tsx";
import { plural } from "../parts/format.ts";
import { JsonView } from "../parts/json.tsx";
import { Status } from "../parts/outcome.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import { Problem } from "../parts/states.tsx";
import { Tag } from "../parts/tag.tsx";
import styles from "./proposed_cases.module.css";

type Props = { cases: readonly ProposedCase[]; whyNot: string | undefined };

export function ProposedCases({ cases, whyNot }: Props) {
  const { id } = useHookPage();
  const cache = useQueryClient();
  const { data } = useQuery(casesOf(id));
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const add = useMutation({
    mutationFn: async (wanted: readonly ProposedCase[]) => {
      for (const one of wanted) {
        await putCase(id, one.name, one.case);
        setAdded((now) => new Set(now).add(one.name));
      }
    },
    onSettled: () => cache.invalidateQueries({ queryKey: casesOf(id).queryKey }),
  });
  const known = new Map(data?.cases.map((one) => [one.name, one.document]));
  const isAdded = (one: ProposedCase) => added.has(one.name) || isSame(known.get(one.name), one.case);
  const left = cases.filter((one) => one.passed && !isAdded(one));
  return (
    <section className={styles.proposed} aria-label="Proposed test cases">
      <header className={styles.head}>
        <Tag tone="accent" title="None of it is stored before it is added">
          proposal
        </Tag>
        <span>{plural(cases.length, "test case")}</span>
        {left.length > 1 && (
          <span className={styles.all}>
            <Button small onPress={() => add.mutate(left)} isPending={add.isPending} whyNot={whyNot}>
              Add the {left.length} that pass
            </Button>
          </span>
        )}
      </header>
      {add.error && <Problem error={add.error} />}
      <ul>
        {cases.map((one) => (
          <li key={one.name} className={styles.case}>
            <div className={styles.line}>
              <Status of={one.passed ? "passed" : "failed"} />
              <code className={styles.name}>
                <PlainText>{one.name}</PlainText>
              </code>
              {isAdded(one) ? (
                <Tag tone="allow">added</Tag>
              ) : (
                <Button small onPress={() => add.mutate([one])} isPending={add.isPending} whyNot={whyNot}>
                  {known.has(one.name) ? "Replace case" : "Add case"}
                </Button>
              )}
            </div>
            {one.message && (
              <p className={styles.message}>
                <PlainText>{one.message}</PlainText>
              </p>
            )}
            <details className={styles.document}>
              <summary>Input and what is expected</summary>
              <JsonView value={one.case} name={one.name} isSearchHidden />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isSame(stored: unknown, proposed: unknown): boolean {
  return stored !== undefined && JSON.stringify(sorted(stored)) === JSON.stringify(sorted(proposed));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => [name, sorted(one)]);
}
