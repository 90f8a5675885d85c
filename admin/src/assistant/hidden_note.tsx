// Characters that nobody sees were in what was sent, or in what was answered: a way to smuggle instructions. They were removed, and it is said.
import { Icon } from "../parts/icon.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import type { Exchange } from "./conversation.ts";
import styles from "./hidden_note.module.css";
import { hiddenWords } from "./words.ts";

export function HiddenNote({ of: { started, proposal } }: { of: Exchange }) {
  // A proposal has those of what was sent as well.
  const hidden = proposal?.hidden ?? started?.hidden ?? [];
  if (hidden.length === 0) return null;
  return (
    <div className={styles.note}>
      <Icon name="warning" />
      <ul>
        {hidden.map((one) => (
          <li key={one.part}>
            <PlainText>{hiddenWords(one)}</PlainText>
          </li>
        ))}
      </ul>
    </div>
  );
}
