// How a version is tried on live calls: which share, until when, and what stops it.
import { useState } from "react";
import type { RolloutKind } from "../../../../../../docs/openapi.d.ts";
import type { ApiError } from "../../../../api/errors.ts";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Button } from "../../../../parts/button.tsx";
import { Checkbox, NumberField, SelectField } from "../../../../parts/field.tsx";
import { FieldGroup, Form } from "../../../../parts/form.tsx";
import { useEnvironment } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { Force } from "../../deploy/parts/force.tsx";
import { useDraftIfAny, useHookPage } from "../../draft/draft_context.tsx";
import { FIRST, HOURS, problemOf, type Typed } from "../rollouts.ts";
import styles from "../traffic.module.css";
import { targetWords } from "../use_target.ts";

type Props = {
  kind: RolloutKind;
  target: Target;
  /** Why it should not be started yet, such as failures in the last backtest. */
  doubt: string | null;
  /** A gate failed: it goes on only with a reason. */
  needsForce: boolean;
  error: ApiError | null;
  isPending: boolean;
  onStart: (order: { typed: Typed; force: string }) => void;
};

export function RolloutForm({ kind, target, doubt, needsForce, error, isPending, onStart }: Props) {
  const { live, place } = useHookPage();
  const environment = useEnvironment();
  const [typed, setTyped] = useState<Typed>(kind === "shadow" ? { ...FIRST, share: 100, hours: 24 } : FIRST);
  const [ticks, setTicks] = useState({ environment: false, doubt: false, force: false });
  const [reason, setReason] = useState("");
  const change = (part: Partial<Typed>) => setTyped((now) => ({ ...now, ...part }));
  const tick = (part: Partial<typeof ticks>) => setTicks((now) => ({ ...now, ...part }));
  const needsTick = kind === "canary" && environment.isProduction;
  const why = useWhyNot(kind, target, typed, [
    needsForce && (!ticks.force || reason.trim() === "") && "A gate failed: say why it is started all the same",
    doubt !== null && !ticks.doubt && doubt,
    needsTick && !ticks.environment && `Confirm that this is ${environment.name}`,
  ]);
  return (
    <Form
      error={error}
      label={kind === "canary" ? "Start a canary" : "Start a shadow"}
      onSubmit={() => {
        if (!why) onStart({ typed, force: needsForce ? reason.trim() : "" });
      }}
    >
      <Fields kind={kind} typed={typed} onChange={change} />
      {kind === "canary" && <Rules typed={typed} onChange={change} />}
      {doubt !== null && (
        <Checkbox
          name="doubt"
          label="Start it all the same"
          hint={doubt}
          isSelected={ticks.doubt}
          onChange={(isOn) => tick({ doubt: isOn })}
        />
      )}
      {needsForce && (
        <Force
          label="Start although a gate failed"
          isForced={ticks.force}
          onForced={(isOn) => tick({ force: isOn })}
          reason={reason}
          onReason={setReason}
        />
      )}
      {needsTick && (
        <Checkbox
          name="environment"
          label={`Yes, in ${environment.name}`}
          hint="Its replies count for real users."
          isSelected={ticks.environment}
          onChange={(isOn) => tick({ environment: isOn })}
        />
      )}
      <div className={styles.acts}>
        <Button kind={needsForce ? "danger" : "primary"} type="submit" icon="play" isPending={isPending} whyNot={why}>
          {kind === "canary" ? "Start the canary" : "Start the shadow"} of {targetWords(target, live?.number)}
        </Button>
        <span className={styles.dim}>
          {target === "draft" ? "The draft becomes a version first. " : ""}
          {`Version ${live?.number ?? "?"} stays live in ${place.environment}.`}
        </span>
      </div>
    </Form>
  );
}

type FieldProps = { kind: RolloutKind; typed: Typed; onChange: (part: Partial<Typed>) => void };

function Fields({ kind, typed, onChange }: FieldProps) {
  return (
    <div className={styles.choices}>
      <NumberField
        name="share"
        label={kind === "canary" ? "Share that it decides" : "Share that it is run on"}
        unit="%"
        min={0.1}
        max={100}
        value={typed.share}
        onChange={(share) => onChange({ share })}
      />
      <SelectField
        name="until"
        label="Ends"
        value={String(typed.hours)}
        onChange={(hours) => onChange({ hours: Number(hours) })}
        options={HOURS.map(({ hours, title }) => ({ value: String(hours), title }))}
      />
      <SelectField
        name="stickyBy"
        label="The same version for"
        value={typed.stickyBy}
        onChange={(stickyBy) => onChange({ stickyBy: stickyBy === "ip" ? "ip" : "user" })}
        options={[
          { value: "user", title: "The same user" },
          { value: "ip", title: "The same IP address" },
        ]}
      />
    </div>
  );
}

function Rules({ typed, onChange }: Omit<FieldProps, "kind">) {
  return (
    <FieldGroup title="Stops by itself" lead="Without a number, a rule is off.">
      <div className={styles.choices}>
        <NumberField
          name="stopIf.failures"
          label="If more of its calls fail than"
          unit="%"
          min={0}
          max={100}
          value={typed.failures}
          onChange={(failures) => onChange({ failures })}
        />
        <NumberField
          name="stopIf.denials"
          label="If it denies more often than live"
          unit="times"
          min={1}
          max={1000}
          value={typed.denials}
          onChange={(denials) => onChange({ denials })}
        />
        <NumberField
          name="stopIf.minCalls"
          label="But not before"
          unit="calls"
          min={1}
          max={1_000_000}
          value={typed.minCalls}
          onChange={(minCalls) => onChange({ minCalls })}
        />
      </div>
    </FieldGroup>
  );
}

function useWhyNot(kind: RolloutKind, target: Target, typed: Typed, more: (string | false)[]): string | undefined {
  const { live, session } = useHookPage();
  const missing = useRights().why("hooks:deploy");
  const phase = useDraftIfAny(session, ({ state }) => state.phase.kind);
  if (missing) return missing;
  if (!live) return "No version of the hook is live here: deploy one first";
  if (live.state !== "enabled") return "The hook is disabled here, so nothing would be run: enable it first";
  if (target === "live" || target === live.number) return "This version is live already: choose another one above";
  if (target === "draft" && phase === "conflict") return "Decide first which draft is to stay: see above";
  return problemOf(kind, typed) ?? (more.find((one) => one !== false) || undefined);
}
