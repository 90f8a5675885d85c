// A version on live calls: as a shadow, which decides nothing, or as a canary, which decides for a share of the users.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Rollout, RolloutKind } from "../../../../../../docs/openapi.d.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { goesOn, rolloutsOf } from "../../../../api/queries/rollouts.ts";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { PlainText } from "../../../../parts/plain_text.tsx";
import { Answer, Empty, Skeleton } from "../../../../parts/states.tsx";
import { say } from "../../../../parts/toast.tsx";
import { GATE_NAMES } from "../../deploy/parts/plan_view.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import styles from "../traffic.module.css";
import { useDoubt } from "../use_doubt.ts";
import { type Started, useStart } from "../use_rollout.ts";
import { useTarget } from "../use_target.ts";
import { RolloutCard } from "./rollout_card.tsx";
import { RolloutForm } from "./rollout_form.tsx";

export function RolloutRung({ kind, target }: { kind: RolloutKind; target: Target }) {
  const { place, id, live } = useHookPage();
  const query = useQuery(rolloutsOf(place));
  if (!live) return <NotLive />;
  return (
    <Answer query={query} what="the rollouts" skeleton={<Skeleton kind="text" rows={6} />}>
      {({ rollouts }) => {
        const ofHook = rollouts.filter((one) => one.hook === id.hook);
        const running = ofHook.find(goesOn);
        if (running) return <Running rollout={running} kind={kind} />;
        const last = ofHook.find((one) => one.kind === kind);
        return (
          <>
            <Start kind={kind} target={target} />
            {last && <RolloutCard rollout={last} />}
          </>
        );
      }}
    </Answer>
  );
}

function NotLive() {
  const { place, id } = useHookPage();
  return (
    <Empty
      sentence={`No version of ${id.hook} is live in ${place.environment}, so there is nothing to try another one beside.`}
      action={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/deploy" params={{ ...place, hook: id.hook }} icon="rocket">
          Deploy…
        </ButtonLink>
      }
    />
  );
}

function Running({ rollout, kind }: { rollout: Rollout; kind: RolloutKind }) {
  return (
    <>
      {rollout.kind !== kind && (
        <p className={styles.none}>
          A {rollout.kind} of version {rollout.version} goes on, and a hook has one rollout at a time: stop it to start
          a {kind}.
        </p>
      )}
      <RolloutCard rollout={rollout} />
    </>
  );
}

function Start({ kind, target }: { kind: RolloutKind; target: Target }) {
  const { place, id } = useHookPage();
  const { choose } = useTarget();
  const doubt = useDoubt(target);
  const [stopped, setStopped] = useState<Extract<Started, { kind: "stopped" }> | null>(null);
  const start = useStart(kind, (done) => {
    if (done.kind === "started") {
      say(`Version ${done.rollout.version} of ${id.hook} is a ${kind} in ${place.environment}.`);
      return;
    }
    setStopped(done);
    // What was a draft is a version now: it is not made a second time.
    choose(done.number);
  });
  const isOfThis = stopped !== null && stopped.number === target;
  return (
    <Section title={kind === "canary" ? "Start a canary" : "Start a shadow"}>
      {isOfThis && <Gates stopped={stopped} kind={kind} />}
      <RolloutForm
        kind={kind}
        target={target}
        doubt={kind === "canary" ? doubt : null}
        needsForce={isOfThis}
        error={start.error}
        isPending={start.isPending}
        onStart={(typed) => start.mutate({ ...typed, target })}
      />
    </Section>
  );
}

function Gates({ stopped, kind }: { stopped: Extract<Started, { kind: "stopped" }>; kind: RolloutKind }) {
  return (
    <div className={styles.gates} role="alert">
      <p>
        The {kind} of version {stopped.number} was not started: a gate failed.
      </p>
      <ul>
        {stopped.gates.map((gate) => (
          <li key={gate.name}>
            {GATE_NAMES[gate.name] ?? gate.name}: <Status of={gate.state} />{" "}
            {gate.detail && <PlainText>{gate.detail}</PlainText>}
          </li>
        ))}
      </ul>
    </div>
  );
}
