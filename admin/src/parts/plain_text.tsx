// A text that somebody else wrote, as text: what it hides is shown.
import { pieces } from "./hidden_text.ts";
import styles from "./plain_text.module.css";

export function PlainText({ children }: { children: string }) {
  const parts = pieces(children);
  if (parts.length === 1 && !parts[0]?.isHidden) return children;
  return parts.map((piece, index) =>
    piece.isHidden ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <span key={index} className={styles.hidden} title="A character that is not seen">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}
