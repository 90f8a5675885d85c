// Says at the top of a form why it cannot be saved, before somebody fills it in.
import { Icon } from "../../../parts/icon.tsx";
import styles from "./read_only_note.module.css";

export function ReadOnlyNote({ whyNot }: { whyNot: string }) {
  return (
    <p className={styles.note}>
      <Icon name="lock" />
      <span>{whyNot}.</span>
    </p>
  );
}
