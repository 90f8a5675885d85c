// A word in a frame that says what something is: draft, proposal, simulated, replayed, redacted, a state.
import type { ReactNode } from "react";
import styles from "./tag.module.css";

export type Tone = "neutral" | "accent" | "allow" | "patch" | "deny" | "fail" | "unknown";

export function Tag({ tone = "neutral", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`${styles.tag} ${styles[tone]}`} title={title}>
      {children}
    </span>
  );
}
