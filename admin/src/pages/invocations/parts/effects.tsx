// What the invocation changed, and what of it was dropped because the hook denied or failed.
import type { InvocationDetail } from "../../../api/queries/invocations.ts";
import { JsonView } from "../../../parts/json.tsx";
import { Section } from "../../../parts/page.tsx";
import { Tag } from "../../../parts/tag.tsx";
import styles from "./effects.module.css";
import { type Effect, type EffectKind, effectsOf } from "./effects.ts";
import { subject } from "./subject.ts";

const WORDS: Record<EffectKind, string> = {
  cache: "Cache written",
  database: "Rows written",
  job: "Job enqueued",
  mail: "Mail sent",
  user: "User changed",
  sessions: "Sessions ended",
  request: "Request to another host",
};

export function Effects({ of }: { of: InvocationDetail }) {
  const effects = effectsOf(of.hostCalls, of.outcome);
  if (effects.length === 0) return null;
  const dropped = effects.some((effect) => !effect.remains);
  return (
    <Section
      title="Effects"
      lead={dropped ? "What was held back until the hook decided was dropped: it denied or failed." : undefined}
    >
      <ul className={styles.effects}>
        {effects.map((effect) => (
          <Line key={effect.call} of={effect} isBefore={of.point.startsWith("before")} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ of, isBefore }: { of: Effect; isBefore: boolean }) {
  return (
    <li>
      <details className={styles.effect}>
        <summary>
          <span className={styles.kind}>{WORDS[of.kind]}</span>
          <span className={styles.subject}>{subject(of.detail)}</span>
          <Fate of={of} isBefore={isBefore} />
        </summary>
        <JsonView value={of.detail} name={WORDS[of.kind]} isSearchHidden />
      </details>
    </li>
  );
}

/** A hook before the commit does not know whether the request went through: a later hook may have denied it. */
function Fate({ of, isBefore }: { of: Effect; isBefore: boolean }) {
  if (!of.remains) return <Tag tone="deny">dropped</Tag>;
  const isImmediate = of.kind === "cache" || of.kind === "request";
  if (isBefore && !isImmediate) return <Tag title="Kept if the request was committed">with the commit</Tag>;
  return <Tag tone="allow">kept</Tag>;
}
