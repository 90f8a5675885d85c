// What holds in this environment beside the version: whether the hook is run, what its failure means, when it runs among others.
// Each change is a deployment of its own.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LiveHook } from "../../../../../../docs/openapi.d.ts";
import { deploy } from "../../../../api/queries/deployments.ts";
import { liveHooks, setHookState } from "../../../../api/queries/hooks.ts";
import { Button } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { SelectField } from "../../../../parts/field.tsx";
import { Form } from "../../../../parts/form.tsx";
import { Link } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { useEnvironment } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { say } from "../../../../parts/toast.tsx";
import { sentOf, useLine } from "../../deploy/line.ts";
import { useHookPage } from "../../draft/draft_context.tsx";
import styles from "../settings.module.css";

export function LiveSettings() {
  const { live, place } = useHookPage();
  const lead = "These hold beside the version. Every change is a deployment and holds for the next request.";
  return (
    <Section title={`In ${place.environment}`} lead={live ? lead : undefined}>
      {live ? (
        <div className={styles.group}>
          <Enabled live={live} />
          <FailurePolicy live={live} />
          <Order live={live} />
        </div>
      ) : (
        <p className={styles.dim}>No version is live in {place.environment}, so there is nothing to set.</p>
      )}
    </Section>
  );
}

function useChanged() {
  const { place } = useHookPage();
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: [place.project, place.environment] }),
      cache.invalidateQueries({ queryKey: [place.project, "hooks"] }),
    ]);
}

function Enabled({ live }: { live: LiveHook }) {
  const { place, id } = useHookPage();
  const environment = useEnvironment();
  const missing = useRights().why("hooks:deploy");
  const [isAsking, setAsking] = useState(false);
  const changed = useChanged();
  const isOn = live.state === "enabled";
  const change = useMutation({ mutationFn: () => setHookState(place, id.hook, !isOn), onSettled: changed });
  const where = [...live.hooks, ...live.events].join(", ");
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>Run</h3>
        <p className={styles.dim}>
          {isOn ? `It runs at ${where}.` : `It is deployed and not run. It would run at ${where}.`}
        </p>
      </div>
      <div className={styles.acts}>
        <Status of={live.state} />
        <Button onPress={() => setAsking(true)} whyNot={missing}>
          {isOn ? "Disable…" : "Enable…"}
        </Button>
      </div>
      <ConfirmDialog
        title={isOn ? `Disable ${id.hook}?` : `Enable ${id.hook}?`}
        consequence={
          isOn
            ? `Requests continue without it from the next one on, as if it had allowed them. Events and jobs for it wait for nobody: they are not handled later.`
            : `Version ${live.number} runs at ${where} from the next request on.`
        }
        action={isOn ? "Disable the hook" : "Enable the hook"}
        kind={isOn ? "danger" : "primary"}
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await change.mutateAsync();
          say(`${id.hook} is ${isOn ? "disabled" : "enabled"} in ${place.environment}.`);
        }}
      />
    </div>
  );
}

const POLICIES = [
  { value: "default", title: "The default of each hook point", hint: "Closed before the commit, open after it." },
  { value: "closed", title: "Closed: refuse the request", hint: "A failure of the hook is an error for the client." },
  { value: "open", title: "Open: continue the request", hint: "As if the hook had allowed it." },
];

function FailurePolicy({ live }: { live: LiveHook }) {
  const { place, id } = useHookPage();
  const environment = useEnvironment();
  const missing = useRights().why("hooks:deploy");
  const line = useLine();
  const saved = line.failurePolicy ?? "default";
  const [typed, setTyped] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const changed = useChanged();
  const value = typed ?? saved;
  const save = useMutation({
    mutationFn: () => {
      const failurePolicy = value === "open" || value === "closed" ? value : null;
      const own = { ...sentOf({ state: line.state, failurePolicy }), name: id.hook, number: live.number };
      const message = `Failure policy of ${id.hook}: ${value}`;
      return deploy(place, { hooks: [own], keepOthers: true, expect: line.number, message });
    },
    onSettled: changed,
    onSuccess: () => setTyped(null),
  });
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>If it fails</h3>
        <p className={styles.dim}>A denial is no failure: it always refuses.</p>
      </div>
      <Form onSubmit={() => setAsking(true)}>
        <div className={styles.acts}>
          <SelectField
            name="failurePolicy"
            label="Failure policy"
            isLabelHidden
            value={value}
            onChange={setTyped}
            options={POLICIES}
            isDisabled={missing !== undefined || line.isPending}
          />
          {value !== saved && (
            <Button type="submit" whyNot={missing}>
              Change…
            </Button>
          )}
        </div>
      </Form>
      <ConfirmDialog
        title="Change the failure policy?"
        consequence={
          value === "open"
            ? "If the hook fails, requests go on without its decision: what it is to refuse gets through while it is broken."
            : "If the hook fails before the commit, requests are refused with the error code of its failure."
        }
        action="Change the policy"
        kind="primary"
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => save.mutateAsync()}
      />
    </div>
  );
}

/** Among which other hooks it runs, and when. */
function Order({ live }: { live: LiveHook }) {
  const { place, id } = useHookPage();
  const all = useQuery(liveHooks(place));
  const points = live.hooks.filter((point) => (all.data?.points[point]?.length ?? 0) > 0);
  if (points.length === 0) return null;
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <h3>Order</h3>
        <p className={styles.dim}>Hooks of one point run in this order; the first denial stops.</p>
      </div>
      <ul className={styles.orders}>
        {points.map((point) => (
          <li key={point}>
            <code>{point}</code>
            <ol className={styles.order}>
              {all.data?.points[point]?.map((one) => (
                <li key={one.name}>
                  {one.name === id.hook ? (
                    <strong>{one.name}</strong>
                  ) : (
                    <Link to="/p/$project/$environment/hooks/$hook/settings" params={{ ...place, hook: one.name }}>
                      {one.name}
                    </Link>
                  )}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </div>
  );
}
