// What a page of settings is about, below its tabs: so the tabs of all of them are at one height.
import type { ReactNode } from "react";
import styles from "./lead.module.css";

export function Lead({ children }: { children: ReactNode }) {
  return <p className={styles.lead}>{children}</p>;
}
