// What was run before, to be taken again.
import { Section } from "../../../parts/page.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import styles from "./query_history.module.css";

type Props = { statements: readonly string[]; onChoose: (statement: string) => void };

export function QueryHistory({ statements, onChoose }: Props) {
  if (statements.length === 0) return null;
  return (
    <Section title="Earlier" lead="Kept until this page is closed.">
      <ul className={styles.list}>
        {statements.map((statement) => (
          <li key={statement}>
            <button type="button" className={styles.statement} onClick={() => onChoose(statement)}>
              <PlainText>{statement}</PlainText>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
