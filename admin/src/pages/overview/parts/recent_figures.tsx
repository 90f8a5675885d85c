// What the hooks did last, as four figures that lead to their lists.
import type { ReactNode } from "react";
import { Duration, Num, PercentOf, Time } from "../../../parts/figures.tsx";
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import type { Tone } from "../../../parts/tag.tsx";
import type { Recent } from "../recent.ts";
import styles from "./recent_figures.module.css";

export function RecentFigures({ recent }: { recent: Recent }) {
  const place = usePlace();
  const to = "/p/$project/$environment/calls";
  return (
    <div>
      <dl className={styles.figures}>
        <Figure name="Last invocations" value={<Num n={recent.total} />}>
          <Link to={to} params={place}>
            since <Time at={recent.since} />
          </Link>
        </Figure>
        <Figure name="Denied" tone={recent.denied > 0 ? "deny" : undefined} value={<Num n={recent.denied} />}>
          <Link to={to} params={place} search={{ outcome: "deny" }}>
            <PercentOf n={recent.denied} total={recent.total} />
          </Link>
        </Figure>
        <Figure name="Failed" tone={recent.failed > 0 ? "fail" : undefined} value={<Num n={recent.failed} />}>
          <PercentOf n={recent.failed} total={recent.total} />
        </Figure>
        <Figure name="Time, 95th percentile" value={<Duration us={recent.p95Us} />}>
          of all {recent.total}
        </Figure>
      </dl>
    </div>
  );
}

type FigureProps = { name: string; value: ReactNode; tone?: Tone | undefined; children: ReactNode };

function Figure({ name, value, tone = "neutral", children }: FigureProps) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>
        <span className={`${styles.value} ${styles[tone] ?? ""}`}>{value}</span>
        <span className={styles.more}>{children}</span>
      </dd>
    </div>
  );
}
