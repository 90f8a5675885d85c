// What came of a replay: the verdict, where it went another way, and both sides. Nothing outside was asked or changed.
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReplayResult } from "../../../../../docs/openapi.d.ts";
import type { ApiError } from "../../../api/errors.ts";
import type { Target } from "../../../api/queries/hook_tests.ts";
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { Button } from "../../../parts/button.tsx";
import { Dialog } from "../../../parts/dialog.tsx";
import { Fuel } from "../../../parts/figures.tsx";
import { Outcome, Status } from "../../../parts/outcome.tsx";
import { Problem, Skeleton } from "../../../parts/states.tsx";
import { DifferenceList } from "./difference_list.tsx";
import { Logs } from "./logs.tsx";
import styles from "./replay_dialog.module.css";
import { divergence, VERDICTS } from "./verdicts.ts";

type Props = {
  of: InvocationDetail;
  target: Target;
  run: UseMutationResult<ReplayResult, ApiError, Target>;
  onAgain: (target: Target) => void;
  onClose: () => void;
};

export function ReplayDialog({ of, target, run, onAgain, onClose }: Props) {
  const footer = (
    <>
      <span className={styles.promise}>Nothing outside was asked or changed: the answers are those of the record.</span>
      {target !== "draft" && (
        <Button onPress={() => onAgain("draft")} isPending={run.isPending}>
          Replay on the draft
        </Button>
      )}
      <Button kind="primary" onPress={onClose}>
        Done
      </Button>
    </>
  );
  return (
    <Dialog title={`Replay on ${named(target)}`} isOpen onClose={onClose} footer={footer} size="l">
      {run.isPending && <Skeleton kind="text" rows={6} />}
      <Problem error={run.error} onRetry={() => onAgain(target)} />
      {run.data && !run.isPending && <Result of={run.data} hook={of.hook} />}
    </Dialog>
  );
}

function named(target: Target): string {
  return target === "draft" ? "the draft" : target === "live" ? "the live version" : `version ${target}`;
}

function Result({ of, hook }: { of: ReplayResult; hook: string }) {
  const { recorded, replayed } = of;
  return (
    <div className={styles.result}>
      <p className={styles.verdict}>
        <Status of={of.verdict} /> {VERDICTS[of.verdict]}
      </p>
      {of.reason && <p>{of.reason.message}</p>}
      {of.divergesAt && <p className={styles.diverges}>{divergence(of.divergesAt, hook)}</p>}
      <table className={styles.sides} aria-label="Both sides">
        <thead>
          <tr>
            <td />
            <th scope="col">Recorded</th>
            <th scope="col">Replayed</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Outcome</th>
            <td>{recorded && <Outcome of={recorded.outcome} />}</td>
            <td>{replayed && <Outcome of={replayed.outcome} />}</td>
          </tr>
          <tr>
            <th scope="row">Fuel</th>
            <td>
              <Fuel n={recorded?.fuel} />
            </td>
            <td>
              <Fuel n={replayed?.fuel} />
            </td>
          </tr>
        </tbody>
      </table>
      {recorded && replayed && <DifferenceList title="Reply" left={recorded.reply} right={replayed.reply} />}
      <h3>Log of the replay</h3>
      <Logs of={of.logs} />
    </div>
  );
}
