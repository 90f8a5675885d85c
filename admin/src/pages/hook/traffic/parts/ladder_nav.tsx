// The rungs in order, each with how far it is.
import { useQuery } from "@tanstack/react-query";
import { backtestsOf } from "../../../../api/queries/backtests.ts";
import { number, plural } from "../../../../parts/format.ts";
import { BareLink } from "../../../../parts/link.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { useTests } from "../../test/use_tests.ts";
import { LADDER, type RungName } from "../rungs.ts";
import styles from "../traffic.module.css";

export function LadderNav({ current }: { current: RungName }) {
  const { place, id } = useHookPage();
  const state = useRungStates();
  return (
    <nav className={styles.ladder} aria-label="Ways to try a version">
      <p className={styles.ends}>
        <span>one call that you write</span>
        <span>many that happened: nothing outside is touched</span>
      </p>
      <ol className={styles.rungs}>
        {LADDER.map((rung, at) => (
          <li key={rung.name} className={styles.rung}>
            <BareLink
              to="/p/$project/$environment/hooks/$hook/traffic"
              params={{ ...place, hook: id.hook }}
              search={(now) => ({ target: now.target, rung: rung.name })}
              className={styles.rungLink}
              aria-current={rung.name === current ? "step" : undefined}
            >
              <span className={styles.rungName}>
                <span className={styles.rungNumber}>{at + 1}</span>
                {rung.title}
              </span>
              <span className={styles.rungState}>{state[rung.name]}</span>
            </BareLink>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** How far each rung is, in a few words. */
function useRungStates(): Record<RungName, string> {
  const { place, id } = useHookPage();
  const { cases } = useTests();
  const list = useQuery(backtestsOf(place));
  const newest = list.data?.backtests.find((one) => one.hook === id.hook);
  const passed =
    cases.kind === "done" ? `${cases.result.passed} of ${cases.result.cases.length} cases pass` : "one call";
  const tested = !newest
    ? "not run yet"
    : newest.state === "running"
      ? `${number(newest.done)} of ${number(newest.total)}`
      : plural(newest.total, "call");
  return { try: passed, replay: "one recorded call", backtest: tested };
}
