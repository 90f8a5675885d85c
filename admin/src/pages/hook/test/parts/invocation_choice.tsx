// Chooses a recorded invocation to take the input from.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Invocation, invocation, invocations } from "../../../../api/queries/invocations.ts";
import { Dialog } from "../../../../parts/dialog.tsx";
import { Duration, Time } from "../../../../parts/figures.tsx";
import { Outcome } from "../../../../parts/outcome.tsx";
import { Answer, Empty, Problem } from "../../../../parts/states.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { type Given, ofInvocation } from "../test_input.ts";
import styles from "./invocation_choice.module.css";

type Props = { point: string; isOpen: boolean; onClose: () => void; onChoose: (given: Given) => void };

const SHOWN = 50;

export function InvocationChoice({ point, isOpen, onClose, onChoose }: Props) {
  return (
    <Dialog title={`Invocations at ${point}`} size="l" isOpen={isOpen} onClose={onClose}>
      <Choices point={point} onChoose={onChoose} />
    </Dialog>
  );
}

function Choices({ point, onChoose }: Pick<Props, "point" | "onChoose">) {
  const { place, id } = useHookPage();
  const cache = useQueryClient();
  const list = useQuery(invocations(place, { hook: id.hook }, undefined, SHOWN));
  const choose = useMutation({
    mutationFn: (call: Invocation) => cache.fetchQuery(invocation(place, call.id)),
    onSuccess: (detail) => onChoose(ofInvocation(detail)),
  });
  return (
    <div className={styles.choice}>
      <p className={styles.lead}>
        The payload and the context that the hook got are copied into the test. Results of SDK calls are not: to run an
        invocation again as it was, replay it in Try on traffic.
      </p>
      {choose.error && <Problem error={choose.error} what="the invocation" />}
      <Answer
        query={list}
        what="the invocations"
        isEmpty={({ invocations: found }) => !found.some((call) => call.point === point)}
        empty={<Empty sentence={`None of the last ${SHOWN} invocations of this hook was at ${point}.`} />}
      >
        {({ invocations: found }) => (
          <ul className={styles.list}>
            {found
              .filter((call) => call.point === point)
              .map((call) => (
                <li key={call.id}>
                  <button type="button" className={styles.call} onClick={() => choose.mutate(call)}>
                    <Outcome of={call.outcome} />
                    <Time at={call.createdAt} />
                    <span>version {call.version}</span>
                    <Duration us={call.durationUs} />
                    <span className={styles.error}>{call.error?.message ?? call.logs[0]?.message ?? ""}</span>
                  </button>
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </div>
  );
}
