// What a deployment would change, and the gates before it.
import type { Difference, Gate } from "../../../../../../docs/openapi.d.ts";
import { ButtonLink } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { Section } from "../../../../parts/page.tsx";
import { PlainText } from "../../../../parts/plain_text.tsx";
import { Tag } from "../../../../parts/tag.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { Plus } from "../../parts/plus.tsx";
import styles from "../deploy.module.css";
import { NO_NUMBER, type Planned } from "../preview.ts";

type Props = { what: "draft" | number; plan: Planned; isDisabled: boolean };

export function PlanView({ what, plan, isDisabled }: Props) {
  return (
    <>
      <Section title="What changes" actions={<CompareLink what={what} />}>
        <ul className={styles.changes}>
          {plan.changes.map((change) => (
            <li key={change.hook} className={styles.change}>
              <code>{change.hook}</code>
              <span>{wordsOf(change)}</span>
              {isDisabled && <Tag tone="unknown">stays disabled</Tag>}
              <Sets title="Permissions" sets={change.capabilities} />
              <Sets title="Called at" sets={change.points} />
            </li>
          ))}
        </ul>
        {plan.capabilities.added.length === 0 && plan.capabilities.removed.length === 0 && (
          <p className={styles.dim}>The permissions stay as they are.</p>
        )}
        <p className={styles.dim}>All other hooks stay as they are. Secrets are not part of a version.</p>
      </Section>
      <Section title="Gates">
        <ul className={styles.gates}>
          {plan.gates.map((gate) => (
            <GateLine key={gate.name} gate={gate} />
          ))}
        </ul>
      </Section>
    </>
  );
}

function wordsOf(change: Planned["changes"][number]): string {
  const before = change.before ? `version ${change.before.number}` : "nothing";
  if (!change.after) return `${before} → nothing: it is live no longer`;
  const after = change.after.number === NO_NUMBER ? "a new version of the draft" : `version ${change.after.number}`;
  return change.change === "unchanged" ? `${after}: live as it is` : `${before} → ${after}`;
}

function Sets({ title, sets }: { title: string; sets: Difference }) {
  if (sets.added.length === 0 && sets.removed.length === 0) return null;
  return (
    <span className={styles.sets}>
      <span className={styles.dim}>{title}</span>
      <Plus sets={sets} />
    </span>
  );
}

function CompareLink({ what }: { what: "draft" | number }) {
  const { live, place, id } = useHookPage();
  if (!live) return null;
  return (
    <ButtonLink
      small
      icon="compare"
      to="/p/$project/$environment/hooks/$hook/history/$pair"
      params={{ ...place, hook: id.hook, pair: `${live.number}..${what}` }}
    >
      Compare with version {live.number}
    </ButtonLink>
  );
}

export const GATE_NAMES: Partial<Record<Gate["name"], string>> = {
  build: "Compiles and loads",
  base: "Made from what is live",
  types: "Types",
  capabilities: "Permissions",
  secrets: "Secrets are set",
  cases: "Test cases pass",
  backtest: "Backtest",
  rollouts: "Rollouts that end",
};

function GateLine({ gate }: { gate: Gate }) {
  return (
    <li className={styles.gate}>
      <span>{GATE_NAMES[gate.name] ?? gate.name}</span>
      <Status of={gate.state} />
      <span className={styles.detail}>{gate.detail && <PlainText>{gate.detail}</PlainText>}</span>
    </li>
  );
}
