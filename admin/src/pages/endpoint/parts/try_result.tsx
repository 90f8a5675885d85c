// What came of a request that was tried: the promise kept or what happened, the response, each step with its hooks, the effects,
// and what would follow.
import { useState } from "react";
import type { TriedRequest } from "../../../api/queries/tries.ts";
import { duration } from "../../../parts/format.ts";
import { JsonView } from "../../../parts/json.tsx";
import { Mark } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { Tag } from "../../../parts/tag.tsx";
import { Timeline } from "../../../parts/timeline.tsx";
import { lookOf } from "../../../words/outcomes.ts";
import { TryEffects } from "./try_effects.tsx";
import styles from "./try_result.module.css";
import { TryStepView } from "./try_step_view.tsx";
import { promise, type StepSpan, spansOf, toneOfStatus } from "./try_words.ts";

export function TryResult({ of }: { of: TriedRequest }) {
  const tone = toneOfStatus(of.response.status);
  return (
    <>
      <p className={of.mode === "live" ? styles.live : styles.promise} role="status">
        <Tag tone={of.mode === "live" ? "deny" : "neutral"}>{of.mode === "live" ? "live" : "simulated"}</Tag>
        {promise(of)}
      </p>
      <Section title="Response">
        <p className={styles.status}>
          <Mark tone={tone} shape={tone === "allow" ? "disc" : tone === "deny" ? "square" : "triangle"} />
          <b>{of.response.status}</b>
          <code>
            {of.request.method} {of.request.path}
          </code>
        </p>
        {of.response.body !== null && <JsonView value={of.response.body} name="the response" />}
        <details>
          <summary>Request as it was sent</summary>
          <JsonView value={of.request} name="the request" />
        </details>
      </Section>
      <Steps of={of} />
      <TryEffects of={of} />
    </>
  );
}

function Steps({ of }: { of: TriedRequest }) {
  const spans = spansOf(of.steps);
  const [open, setOpen] = useState<string | null>(() => firstOf(spans));
  const total = Math.max(1, ...spans.map((span) => span.startUs + span.lengthUs));
  const ran = spans.filter((span) => span.step.kind === "hook").length;
  return (
    <Section
      title="Hooks that ran"
      lead={`${ran === 0 ? "None" : ran} in ${duration(total)}; open one for its log and host calls.`}
    >
      <Timeline
        label="Steps"
        totalUs={total}
        spans={spans.map((span) => ({
          ...span,
          detail: detailOf(span),
          ...(span.step.kind === "hook"
            ? { isOpen: open === span.id, onOpen: () => setOpen(open === span.id ? null : span.id) }
            : {}),
        }))}
        renderOpen={(id) => {
          const span = spans.find((one) => one.id === id);
          return span && <TryStepView of={span.step} />;
        }}
      />
    </Section>
  );
}

/** The first that is worth a look: one that failed or denied, else the first with a log. */
function firstOf(spans: readonly StepSpan[]): string | null {
  const hooks = spans.filter((span) => span.step.kind === "hook");
  const bad = hooks.find((span) => span.tone === "fail" || span.tone === "deny");
  return (bad ?? hooks.find((span) => span.step.logs.length > 0) ?? hooks[0])?.id ?? null;
}

function detailOf({ step }: StepSpan): string {
  if (step.kind === "hook") return lookOf(step.outcome).word;
  return step.kind === "request" ? step.outcome : step.outcome === "done" ? "" : step.outcome;
}
