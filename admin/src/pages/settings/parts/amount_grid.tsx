// Numbers of settings, two beside each other where there is room.
import type { ReactNode } from "react";
import styles from "./amount_grid.module.css";

export function AmountGrid({ children }: { children: ReactNode }) {
  return <div className={styles.grid}>{children}</div>;
}
