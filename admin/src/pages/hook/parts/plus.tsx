// What came and what went: `+ cache − db`, in words for those who do not see signs.
import type { Difference } from "../../../../../docs/openapi.d.ts";
import styles from "./plus.module.css";

export function Plus({ sets, empty }: { sets: Difference; empty?: string }) {
  if (sets.added.length === 0 && sets.removed.length === 0)
    return empty ? <span className={styles.none}>{empty}</span> : null;
  return (
    <span className={styles.plus}>
      {sets.added.map((one) => (
        <code key={`+${one}`} className={styles.added}>
          <span aria-hidden="true">+ </span>
          <span className="hidden-visually">added </span>
          {one}
        </code>
      ))}
      {sets.removed.map((one) => (
        <code key={`-${one}`} className={styles.removed}>
          <span aria-hidden="true">− </span>
          <span className="hidden-visually">removed </span>
          {one}
        </code>
      ))}
    </span>
  );
}
