// What a request that was tried changed, or would have, and what would follow from it.
import type { TriedRequest, TryEffect } from "../../../api/queries/tries.ts";
import { plural } from "../../../parts/format.ts";
import { JsonView } from "../../../parts/json.tsx";
import { Section } from "../../../parts/page.tsx";
import { Tag } from "../../../parts/tag.tsx";
import styles from "./try_effects.module.css";
import { titleOf } from "./try_words.ts";

export function TryEffects({ of }: { of: TriedRequest }) {
  const isDry = of.mode === "dry-run";
  return (
    <>
      {of.effects.length > 0 && (
        <Section
          title={isDry ? "What it would change" : "What it changed"}
          lead={of.effectsDropped > 0 ? `${plural(of.effectsDropped, "more effect")} not listed.` : undefined}
        >
          <ul className={styles.effects}>
            {of.effects.map((effect, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: effects have their place and nothing else
              <Line key={at} of={effect} isDry={isDry} />
            ))}
          </ul>
        </Section>
      )}
      {of.wouldRun.length > 0 && (
        <Section title={isDry ? "What would follow" : "What follows"}>
          <ul className={styles.effects}>
            {of.wouldRun.map((one) => (
              <li key={`${one.kind} ${one.name} ${one.cause}`} className={styles.follows}>
                <Tag>{one.kind === "webhook" ? "webhook" : "script hook"}</Tag>
                <span className={styles.name}>{one.name}</span>
                <span className={styles.dim}>because of {one.cause}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Line({ of, isDry }: { of: TryEffect; isDry: boolean }) {
  return (
    <li>
      <details className={styles.effect}>
        <summary>
          <span className={styles.name}>{titleOf(of)}</span>
          <code className={styles.dim}>{of.name}</code>
          {of.hook && <span className={styles.dim}>by {of.hook}</span>}
          {!of.remains ? <Tag tone="deny">undone</Tag> : isDry && <Tag>simulated</Tag>}
        </summary>
        {of.before !== null && <JsonView value={of.before} name="Before" isSearchHidden />}
        {of.after !== null && <JsonView value={of.after} name="After" isSearchHidden />}
      </details>
    </li>
  );
}
