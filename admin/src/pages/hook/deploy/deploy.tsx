// Making a version live: what would change, what was looked at before, and the one button. Production is named and ticked.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DeploymentPlan } from "../../../../../docs/openapi.d.ts";
import { casesOf } from "../../../api/queries/cases.ts";
import { planOf } from "../../../api/queries/deployments.ts";
import { SelectField } from "../../../parts/field.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { useEnvironment } from "../../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { useDraftIfAny, useHookPage } from "../draft/draft_context.tsx";
import { deployRoute } from "../parts/hook_route.ts";
import styles from "./deploy.module.css";
import { type LiveLine, sentOf, useLine } from "./line.ts";
import { DeployForm } from "./parts/deploy_form.tsx";
import { Deployed } from "./parts/deployed.tsx";
import { PlanView } from "./parts/plan_view.tsx";
import { type Planned, previewOf } from "./preview.ts";
import { type Outcome, useDeploy } from "./use_deploy.ts";

export function Deploy() {
  const { session, live, summary } = useHookPage();
  const { version } = deployRoute.useSearch();
  const [chosen, setChosen] = useState<"draft" | number | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const newest = summary.newest;
  const what = chosen ?? version ?? (session ? "draft" : newest);
  if (outcome?.kind === "live") return <Deployed outcome={outcome} onBack={() => setOutcome(null)} />;
  if (what === null) return <Empty sentence="The hook has neither a draft nor a version to deploy." />;
  const isLive = what === live?.number;
  return (
    <div className={styles.deploy}>
      <WhatChoice what={what} onChoose={setChosen} />
      {outcome && what === outcome.number && (
        <p className={styles.stopped} role="alert">
          Version {outcome.number} was made of the draft and is not live: a gate failed that could not be known before.
        </p>
      )}
      {isLive ? (
        <AlreadyLive number={what} />
      ) : what === "draft" ? (
        <DraftPlan onOutcome={(next) => onOutcome(next, setOutcome, setChosen)} />
      ) : (
        <VersionPlan number={what} onOutcome={(next) => onOutcome(next, setOutcome, setChosen)} />
      )}
    </div>
  );
}

function onOutcome(outcome: Outcome, set: (outcome: Outcome) => void, choose: (what: number) => void) {
  // The version is there: what was looked at is that of the server from now on.
  if (outcome.kind === "stopped") choose(outcome.number);
  set(outcome);
}

function WhatChoice({ what, onChoose }: { what: "draft" | number; onChoose: (what: "draft" | number) => void }) {
  const { session, live, summary } = useHookPage();
  const environment = useEnvironment();
  const revision = useDraftIfAny(session, ({ state }) => state.saved.revision);
  const numbers = Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at);
  const options = [
    ...(revision === null ? [] : [{ value: "draft", title: `Draft r${revision}`, hint: "Becomes a new version" }]),
    ...numbers.map((number) => ({
      value: String(number),
      title: `Version ${number}${number === live?.number ? ", live" : ""}`,
    })),
  ];
  return (
    <div className={styles.choice}>
      <SelectField
        name="what"
        label={`What to deploy to ${environment.name}`}
        value={String(what)}
        onChange={(value) => onChoose(value === "draft" ? value : Number(value))}
        options={options}
      />
    </div>
  );
}

function AlreadyLive({ number }: { number: number }) {
  const { place, id } = useHookPage();
  return (
    <Empty
      sentence={`Version ${number} is live in ${place.environment}. Begin a draft to change it, or choose another version.`}
      action={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: id.hook }}>
          Code
        </ButtonLink>
      }
    />
  );
}

function DraftPlan({ onOutcome: tell }: { onOutcome: (outcome: Outcome) => void }) {
  const { session, live, id } = useHookPage();
  const line = useLine();
  const draft = useDraftIfAny(session, ({ state }) => state.saved);
  const check = useDraftIfAny(session, (snapshot) => snapshot.check);
  const cases = useQuery(casesOf(id));
  if (!draft || line.isPending || cases.isPending) return <Skeleton kind="text" />;
  const last = !check || check.kind === "none" ? null : check.last;
  const known = last?.revision === draft.revision ? last.result : null;
  const plan = previewOf({
    draft,
    check: known,
    live,
    deployment: line.number,
    line,
    cases: cases.data?.cases.length ?? 0,
  });
  return <PlanAndForm what="draft" plan={plan} line={line} onOutcome={tell} />;
}

function VersionPlan({ number, onOutcome: tell }: { number: number; onOutcome: (outcome: Outcome) => void }) {
  const { place, id } = useHookPage();
  const line = useLine();
  const body = { hooks: [{ name: id.hook, number, ...sentOf(line) }], keepOthers: true };
  const query = useQuery({ ...planOf(place, body), enabled: !line.isPending });
  return (
    <Answer query={query} what="the plan" skeleton={<Skeleton kind="text" />}>
      {(plan: DeploymentPlan) => <PlanAndForm what={number} plan={plan} line={line} onOutcome={tell} />}
    </Answer>
  );
}

type PlanProps = {
  what: "draft" | number;
  plan: Planned;
  line: LiveLine;
  onOutcome: (outcome: Outcome) => void;
};

function PlanAndForm({ what, plan, line, onOutcome: tell }: PlanProps) {
  const order = useDeploy(tell);
  return (
    <>
      <PlanView what={what} plan={plan} isDisabled={line.state === "disabled"} />
      <Section title="Deploy">
        <DeployForm
          what={what}
          plan={plan}
          error={order.error}
          isPending={order.isPending}
          onDeploy={(typed) => order.mutate({ ...typed, what, expect: plan.expect, line: sentOf(line) })}
        />
      </Section>
    </>
  );
}
