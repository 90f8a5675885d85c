// Tabs that are pages: each has its address, so that it can be linked, opened beside, and gone back to.
import { number } from "./format.ts";
import { type Target, TargetLink } from "./link.tsx";
import styles from "./tabs.module.css";

export type RouteTab = Target & {
  title: string;
  count?: number | undefined /** Only the very address is this tab, not what is below it. */;
  isExact?: boolean;
};

export function RouteTabs({ label, tabs }: { label: string; tabs: readonly RouteTab[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(({ title, count, isExact, ...target }) => (
        <TargetLink
          key={title}
          {...target}
          className={styles.tab ?? ""}
          activeOptions={{ exact: isExact ?? false, includeSearch: target.search !== undefined }}
          activeProps={{ className: styles.active ?? "", "aria-current": "page" }}
        >
          {title}
          {count !== undefined && <span className={styles.count}>{number(count)}</span>}
        </TargetLink>
      ))}
    </nav>
  );
}
