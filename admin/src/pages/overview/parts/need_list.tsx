// What needs somebody: one line each, and the page where it is seen to.
import { Time } from "../../../parts/figures.tsx";
import { plural } from "../../../parts/format.ts";
import { Icon } from "../../../parts/icon.tsx";
import { TargetLink } from "../../../parts/link.tsx";
import { Mark } from "../../../parts/outcome.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import type { Need } from "../needs.ts";
import styles from "./need_list.module.css";

export function NeedList({ needs, hooks }: { needs: readonly Need[]; hooks: number }) {
  if (needs.length === 0) {
    return (
      <p className={styles.nothing}>
        <Mark tone="allow" shape="disc" />
        {hooks > 0
          ? `Nothing. ${plural(hooks, "hook")} live, no failures, no dead jobs, no failing webhooks.`
          : "Nothing: no hook is live yet."}
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {needs.map((need) => (
        <li key={need.id}>
          <TargetLink {...need.target} className={styles.need ?? ""}>
            <Mark
              tone={need.tone}
              shape={need.tone === "fail" ? "triangle" : "square"}
              word={need.tone === "fail" ? "Failing:" : "Notice:"}
            />
            <span className={styles.words}>
              <PlainText>{need.sentence}</PlainText>
              {need.detail && (
                <code>
                  <PlainText>{need.detail}</PlainText>
                </code>
              )}
            </span>
            {need.since && (
              <span className={styles.since}>
                <Time at={need.since} />
              </span>
            )}
            <Icon name="right" />
          </TargetLink>
        </li>
      ))}
    </ul>
  );
}
