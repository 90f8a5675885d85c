// One recorded invocation, run again on the chosen version with the answers that it had got.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplayResult } from "../../../../../../docs/openapi.d.ts";
import { replay, type Target } from "../../../../api/queries/hook_tests.ts";
import { type Invocation, invocations } from "../../../../api/queries/invocations.ts";
import { Button } from "../../../../parts/button.tsx";
import { Duration, Fuel, Time } from "../../../../parts/figures.tsx";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Outcome, Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { Answer, Empty, Problem } from "../../../../parts/states.tsx";
import { DifferenceList } from "../../../invocations/parts/difference_list.tsx";
import { Logs } from "../../../invocations/parts/logs.tsx";
import { divergence, VERDICTS } from "../../../invocations/parts/verdicts.ts";
import { useHookPage } from "../../draft/draft_context.tsx";
import { trafficRoute } from "../../parts/hook_route.ts";
import { HostCalls } from "../../parts/host_calls.tsx";
import styles from "../traffic.module.css";
import { targetWords } from "../use_target.ts";
import { MakeCaseButton } from "./make_case_button.tsx";

const SHOWN = 25;

export function ReplayRung({ target }: { target: Target }) {
  const { place, id } = useHookPage();
  const { call } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const list = useQuery(invocations(place, { hook: id.hook }, undefined, SHOWN));
  const run = useReplay(target);
  const start = (invocation: string) => {
    void navigate({ search: (now) => ({ ...now, call: invocation }), replace: true });
    run.mutate(invocation);
  };
  return (
    <div className={styles.halves}>
      <Section title="Recorded calls">
        {call && !list.data?.invocations.some((one) => one.id === call) && (
          <Button onPress={() => start(call)} icon="play">
            Replay {call}
          </Button>
        )}
        <Answer
          query={list}
          what="the invocations"
          isEmpty={(page) => page.invocations.length === 0}
          empty={<Empty sentence="No invocation of this hook was recorded yet." />}
        >
          {(page) => (
            <ul className={styles.calls}>
              {page.invocations.map((one) => (
                <Call key={one.id} one={one} isCurrent={one.id === call} onReplay={() => start(one.id)} />
              ))}
            </ul>
          )}
        </Answer>
      </Section>
      <Section title="Replay">
        {run.isPending && <p className={styles.dim}>Replaying…</p>}
        {run.error && <Problem error={run.error} />}
        {run.data && !run.isPending && <Verdict result={run.data} target={target} />}
        {run.isIdle && (
          <p className={styles.none}>Choose a call: it is run again on {targetWords(target, undefined)}.</p>
        )}
      </Section>
    </div>
  );
}

function useReplay(target: Target) {
  const { place, session } = useHookPage();
  return useMutation({
    mutationFn: async (invocation: string) => {
      if (target === "draft") await session?.saveNow();
      return replay(place, invocation, target);
    },
  });
}

function Call({ one, isCurrent, onReplay }: { one: Invocation; isCurrent: boolean; onReplay: () => void }) {
  return (
    <li>
      <button type="button" className={styles.call} aria-current={isCurrent || undefined} onClick={onReplay}>
        <Outcome of={one.outcome} />
        <Time at={one.createdAt} />
        <span className={styles.dim}>
          {one.point} · v{one.version}
        </span>
        <Duration us={one.durationUs} />
      </button>
    </li>
  );
}

function Verdict({ result, target }: { result: ReplayResult; target: Target }) {
  const { place, id, live } = useHookPage();
  const { recorded, replayed } = result;
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.verdict} role="status">
      <p>
        <Status of={result.verdict} /> {VERDICTS[result.verdict]}
      </p>
      {result.reason && <p>{result.reason.message}</p>}
      {result.divergesAt && <p>{divergence(result.divergesAt, id.hook)}</p>}
      <table className={styles.both} aria-label="Both runs">
        <thead>
          <tr>
            <td />
            <th scope="col">Recorded</th>
            <th scope="col">On {targetWords(target, live?.number)}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Outcome</th>
            <td>{recorded && <Outcome of={recorded.outcome} />}</td>
            <td>{replayed ? <Outcome of={replayed.outcome} /> : "–"}</td>
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
      {result.logs.length > 0 && <Logs of={result.logs} />}
      {result.hostCalls.length > 0 && (
        <>
          <Button small kind="quiet" isExpanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isOpen ? "Hide what it asked for" : `Show what it asked for (${result.hostCalls.length})`}
          </Button>
          {isOpen && <HostCalls calls={result.hostCalls} />}
        </>
      )}
      <div className={styles.acts}>
        <MakeCaseButton invocation={result.invocation} />
        <ButtonLink
          to="/p/$project/$environment/calls/$invocation"
          params={{ ...place, invocation: result.invocation }}
        >
          Open the invocation
        </ButtonLink>
      </div>
      <p className={styles.foot}>Nothing outside was asked or changed, and nothing was recorded.</p>
    </div>
  );
}
