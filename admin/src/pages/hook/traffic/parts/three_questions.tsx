// The three questions that tell the rungs apart, always in the same columns, and what can change.
import type { Rung } from "../rungs.ts";
import styles from "../traffic.module.css";

export function ThreeQuestions({ rung }: { rung: Rung }) {
  const answers = [
    ["Which calls?", rung.calls],
    ["Which answers from outside?", rung.answers],
    ["Whose reply counts?", rung.counts],
    ["Can something change?", rung.changes],
  ];
  return (
    <dl className={styles.questions}>
      {answers.map(([question, answer]) => (
        <div key={question}>
          <dt>{question}</dt>
          <dd>{answer}</dd>
        </div>
      ))}
    </dl>
  );
}
