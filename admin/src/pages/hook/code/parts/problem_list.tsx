// Everything that is wrong, from both checkers, each with the way to its line.
import { useState } from "react";
import { countOf, type Problem } from "../../../../editor/problems.ts";
import { Button } from "../../../../parts/button.tsx";
import { Icon } from "../../../../parts/icon.tsx";
import styles from "./problem_list.module.css";

type Props = { problems: readonly Problem[]; onGo: (problem: Problem) => void; onExplain: () => void };

export function ProblemList({ problems, onGo, onExplain }: Props) {
  const [isOpen, setOpen] = useState(true);
  if (problems.length === 0) return null;
  return (
    <section className={styles.problems} aria-label="Problems">
      <div className={styles.line}>
        <button type="button" className={styles.head} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name={isOpen ? "down" : "right"} />
          <span aria-live="polite">{countOf(problems)}</span>
          <span className={styles.hint}>
            <kbd>F8</kbd> next problem
          </span>
        </button>
        <Button small kind="quiet" icon="spark" onPress={onExplain}>
          Explain
        </Button>
      </div>
      {isOpen && (
        <ul className={styles.list}>
          {problems.map((problem) => (
            <li key={keyOf(problem)}>
              <button type="button" className={styles.problem} onClick={() => onGo(problem)}>
                <span className={problem.severity === "error" ? styles.error : styles.warning}>
                  <Icon name="warning" label={problem.severity} />
                </span>
                <span className={styles.words}>
                  <span>{problem.message}</span>
                  {problem.hint && <span className={styles.dim}>{problem.hint}</span>}
                </span>
                <span className={styles.where}>
                  {problem.source === "typescript" ? `TS${problem.code}` : problem.code}
                </span>
                <span className={styles.where}>
                  {problem.file}:{problem.line}:{problem.column}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function keyOf(problem: Problem): string {
  return `${problem.source}/${problem.file}:${problem.line}:${problem.column}/${problem.code}/${problem.message}`;
}
