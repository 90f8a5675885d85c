// The rungs in order, each with how far it is.
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { backtestsOf } from "../../../../api/queries/backtests.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { number, percentage, plural } from "../../../../parts/format.ts";
import { BareLink } from "../../../../parts/link.tsx";
import { useCurrentInView } from "../../../../parts/use_current_in_view.ts";
import { useHookPage } from "../../draft/draft_context.tsx";
import { useTests } from "../../test/use_tests.ts";
import { LADDER, type RungName } from "../rungs.ts";
import styles from "../traffic.module.css";
import { useDoubt } from "../use_doubt.ts";

export function LadderNav({ current, target }: { current: RungName; target: Target }) {
  const { place, id } = useHookPage();
  const state = useRungStates(target);
  const rungs = useRef<HTMLOListElement>(null);
  useCurrentInView(rungs);
  return (
    <nav className={styles.ladder} aria-label="Ways to try a version">
      <p className={styles.ends}>
        <span>changes nothing</span>
        <span>real</span>
      </p>
      <ol ref={rungs} className={styles.rungs}>
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
function useRungStates(target: Target): Record<RungName, string> {
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
  return { try: passed, replay: "one recorded call", backtest: tested, ...useRolloutStates(target) };
}

/** What goes on is known from what is live; of an end there is no word here. */
function useRolloutStates(target: Target): Record<"shadow" | "canary", string> {
  const { live } = useHookPage();
  const doubt = useDoubt(target);
  const running = live?.rollout;
  if (!live) return { shadow: "nothing is live", canary: "nothing is live" };
  const off = (kind: "shadow" | "canary") => (running && running.kind !== kind ? `a ${running.kind} goes on` : null);
  return {
    shadow: running?.kind === "shadow" ? `version ${running.version} runs` : (off("shadow") ?? "not started"),
    canary:
      running?.kind === "canary"
        ? `version ${running.version} decides ${percentage(running.share)}`
        : (off("canary") ?? (doubt ? "held back: new failures" : "not started")),
  };
}
