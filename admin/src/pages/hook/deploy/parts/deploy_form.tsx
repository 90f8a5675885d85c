// The message, the reason where a gate failed, the tick that names production, and the button.
import { useState } from "react";
import type { ApiError } from "../../../../api/errors.ts";
import { Button } from "../../../../parts/button.tsx";
import { Checkbox, TextField } from "../../../../parts/field.tsx";
import { Form } from "../../../../parts/form.tsx";
import { useEnvironment } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { useDraftIfAny, useHookPage } from "../../draft/draft_context.tsx";
import styles from "../deploy.module.css";
import { canForce, failedGates, type Planned } from "../preview.ts";
import { ConflictNote } from "./conflict_note.tsx";
import { Force } from "./force.tsx";

type Typed = { message: string; force: string };
type Props = {
  what: "draft" | number;
  plan: Planned;
  error: ApiError | null;
  isPending: boolean;
  onDeploy: (typed: Typed) => void;
};

export function DeployForm({ what, plan, error, isPending, onDeploy }: Props) {
  const environment = useEnvironment();
  const [message, setMessage] = useState("");
  const [isTicked, setTicked] = useState(false);
  const [isForced, setForced] = useState(false);
  const [reason, setReason] = useState("");
  const failed = failedGates(plan.gates);
  const why = useWhyNot(what, plan, { isTicked, isForced, reason });
  const isConflict = error?.code === "deployment_conflict";
  return (
    <Form
      error={isConflict ? null : error}
      onSubmit={() => {
        if (!why) onDeploy({ message: message.trim(), force: isForced ? reason.trim() : "" });
      }}
    >
      {isConflict && <ConflictNote error={error} />}
      <TextField
        name="message"
        label="What is new"
        value={message}
        onChange={setMessage}
        maxLength={1000}
        placeholder="Refuse disposable addresses"
        hint={what === "draft" ? "Kept with the version and the deployment." : "Kept with the deployment."}
      />
      {failed.length > 0 && canForce(plan.gates) && (
        <Force
          label="Deploy although a gate failed"
          isForced={isForced}
          onForced={setForced}
          reason={reason}
          onReason={setReason}
        />
      )}
      {environment.isProduction && (
        <Checkbox
          name="environment"
          label={`Yes, deploy to ${environment.name}`}
          hint="All sign-ins and sign-ups of this environment use it from then on."
          isSelected={isTicked}
          onChange={setTicked}
        />
      )}
      <div className={styles.acts}>
        <Button kind={isForced ? "danger" : "primary"} type="submit" icon="rocket" isPending={isPending} whyNot={why}>
          {actionOf(what, environment.name)}
        </Button>
        <span className={styles.dim}>
          {plan.expect === 0
            ? `Nothing is live in ${environment.name} yet.`
            : `Refused if anything but deployment ${plan.expect} is live by then.`}
        </span>
      </div>
    </Form>
  );
}

function actionOf(what: "draft" | number, environment: string): string {
  return what === "draft" ? `Deploy the draft to ${environment}` : `Deploy version ${what} to ${environment}`;
}

type Given = { isTicked: boolean; isForced: boolean; reason: string };

function useWhyNot(what: "draft" | number, plan: Planned, given: Given): string | undefined {
  const { session } = useHookPage();
  const rights = useRights();
  const environment = useEnvironment();
  const phase = useDraftIfAny(session, ({ state }) => state.phase.kind);
  const failed = failedGates(plan.gates);
  const missing = rights.why("hooks:deploy");
  if (missing) return missing;
  if (what === "draft" && phase === "conflict") return "Decide first which draft is to stay: see above";
  if (failed.length > 0 && !canForce(plan.gates))
    return failed.find((gate) => gate.name === "build")?.detail ?? "It does not compile";
  if (failed.length > 0 && !given.isForced) return "A gate failed";
  if (given.isForced && given.reason.trim() === "") return "Say why it is deployed all the same";
  if (environment.isProduction && !given.isTicked) return `Confirm that this is ${environment.name}`;
  return undefined;
}
