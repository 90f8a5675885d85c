// Trying a version on traffic: a ladder from no risk to real. Each rung answers the same three questions, and says what was touched.

import { Empty } from "../../../parts/states.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import { trafficRoute } from "../parts/hook_route.ts";
import { BacktestRung } from "./parts/backtest_rung.tsx";
import { LadderNav } from "./parts/ladder_nav.tsx";
import { ReplayRung } from "./parts/replay_rung.tsx";
import { RolloutRung } from "./parts/rollout_rung.tsx";
import { TargetField } from "./parts/target_field.tsx";
import { ThreeQuestions } from "./parts/three_questions.tsx";
import { TryRung } from "./parts/try_rung.tsx";
import { rungOf } from "./rungs.ts";
import styles from "./traffic.module.css";
import { useTarget } from "./use_target.ts";

export function Traffic() {
  const { session, summary } = useHookPage();
  const { rung = "backtest" } = trafficRoute.useSearch();
  const { target, choose } = useTarget();
  if (!session && summary.versions === 0)
    return <Empty sentence="The hook has neither a draft nor a version to try." />;
  return (
    <div className={styles.traffic}>
      <TargetField target={target} onChoose={choose} />
      <LadderNav current={rung} target={target} />
      <ThreeQuestions rung={rungOf(rung)} />
      {rung === "try" && <TryRung target={target} />}
      {rung === "replay" && <ReplayRung target={target} />}
      {rung === "backtest" && <BacktestRung target={target} />}
      {(rung === "shadow" || rung === "canary") && <RolloutRung key={rung} kind={rung} target={target} />}
    </div>
  );
}
