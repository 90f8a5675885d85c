// Tabs that are pages: each has its address, so that it can be linked, opened beside, and gone back to.
import { useRef } from "react";
import { number } from "./format.ts";
import { type Target, TargetLink } from "./link.tsx";
import styles from "./tabs.module.css";
import { useCurrentInView } from "./use_current_in_view.ts";

export type RouteTab = Target & {
  title: string;
  count?: number | undefined /** Only the very address is this tab, not what is below it. */;
  isExact?: boolean;
  /** Said by the page, where the address has more in its search than the tab. */
  isCurrent?: boolean;
};

export function RouteTabs({ label, tabs }: { label: string; tabs: readonly RouteTab[] }) {
  const nav = useRef<HTMLElement>(null);
  useCurrentInView(nav);
  return (
    <nav ref={nav} className={styles.tabs} aria-label={label}>
      {tabs.map(({ title, count, isExact, isCurrent, ...target }) => (
        <TargetLink
          key={title}
          {...target}
          className={isCurrent ? `${styles.tab} ${styles.active}` : (styles.tab ?? "")}
          activeOptions={{ exact: isExact ?? false, includeSearch: target.search !== undefined }}
          activeProps={
            isCurrent === undefined
              ? { className: styles.active ?? "", "aria-current": "page" }
              : { "aria-current": isCurrent ? "page" : undefined }
          }
          {...(isCurrent ? { "aria-current": "page" as const } : {})}
        >
          {title}
          {count !== undefined && <span className={styles.count}>{number(count)}</span>}
        </TargetLink>
      ))}
    </nav>
  );
}
