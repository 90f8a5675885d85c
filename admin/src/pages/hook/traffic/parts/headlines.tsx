// The counts of a backtest in words. Each is a filter of the calls below.
import type { BacktestFigures, BacktestKind } from "../../../../../../docs/openapi.d.ts";
import { number } from "../../../../parts/format.ts";
import { Mark } from "../../../../parts/outcome.tsx";
import type { Tone } from "../../../../parts/tag.tsx";
import type { Shape } from "../../../../words/outcomes.ts";
import { trafficRoute } from "../../parts/hook_route.ts";
import { headlinesOf } from "../matrix.ts";
import styles from "../traffic.module.css";

export const LOOKS: Record<BacktestKind, { tone: Tone; shape: Shape }> = {
  same: { tone: "allow", shape: "disc" },
  now_denied: { tone: "deny", shape: "square" },
  now_allowed: { tone: "deny", shape: "half" },
  new_failure: { tone: "fail", shape: "triangle" },
  other: { tone: "patch", shape: "ring" },
  unknown: { tone: "unknown", shape: "question" },
};

export function Headlines({ figures }: { figures: BacktestFigures }) {
  const { kind } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const shown = headlinesOf(figures).filter((one) => one.count > 0 || one.kind !== "other");
  return (
    <ul className={styles.headlines} aria-label="What would be decided differently">
      {shown.map((one) => (
        <li key={one.kind}>
          <button
            type="button"
            className={styles.headline}
            data-kind={one.count > 0 ? one.kind : undefined}
            aria-pressed={kind === one.kind}
            title={one.about}
            onClick={() =>
              void navigate({
                search: (now) => ({
                  ...now,
                  kind: kind === one.kind ? undefined : one.kind,
                  from: undefined,
                  to: undefined,
                  after: undefined,
                }),
                replace: true,
              })
            }
          >
            <span className={styles.count}>{number(one.count)}</span>
            <span className={styles.headlineWords}>{one.title}</span>
            <Mark {...LOOKS[one.kind]} />
          </button>
        </li>
      ))}
    </ul>
  );
}
