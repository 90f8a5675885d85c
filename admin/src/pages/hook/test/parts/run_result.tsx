// What came of a test run: the decision, why it failed and where, the log, what the hook asked for, what it would have changed, and
// what it took.
import { useState } from "react";
import type { HookError, HookRun, TestEffect } from "../../../../../../docs/openapi.d.ts";
import { Button } from "../../../../parts/button.tsx";
import { Bytes, Duration, Fuel } from "../../../../parts/figures.tsx";
import { plural } from "../../../../parts/format.ts";
import { JsonView } from "../../../../parts/json.tsx";
import { Outcome } from "../../../../parts/outcome.tsx";
import { Facts } from "../../../../parts/page.tsx";
import { Problem } from "../../../../parts/states.tsx";
import { Tag } from "../../../../parts/tag.tsx";
import { Logs } from "../../../invocations/parts/logs.tsx";
import { ErrorPlace } from "../../parts/error_place.tsx";
import { HostCalls } from "../../parts/host_calls.tsx";
import { ReplyView } from "../../parts/reply_view.tsx";
import type { Ran } from "../test_bench.ts";
import type { Tests } from "../use_tests.ts";
import styles from "./run_result.module.css";
import { SaveCase } from "./save_case.tsx";

export function RunResult({ tests }: { tests: Tests }) {
  const { run } = tests;
  switch (run.kind) {
    case "none":
      return <p className={styles.none}>Run the test to see what the hook decides. Nothing is sent or stored.</p>;
    case "unsaved":
      return <p className={styles.none}>The draft could not be saved, so nothing was run: see above.</p>;
    case "no_json":
      return (
        <p className={styles.none} role="alert">
          Nothing was run: {run.field} is no JSON (line {run.problem.line}, column {run.problem.column}).
        </p>
      );
    case "failed":
      return <Problem error={run.error} onRetry={() => void tests.runOnce()} />;
    case "running":
      return run.last ? <Shown ran={run.last} isOld /> : <p className={styles.none}>Running…</p>;
    case "done":
      return <Shown ran={run.last} />;
  }
}

function Shown({ ran, isOld }: { ran: Ran; isOld?: boolean }) {
  const [isSaving, setSaving] = useState(false);
  const { result } = ran;
  return (
    <div className={`${styles.result} ${isOld ? styles.old : ""}`} aria-busy={isOld}>
      <div className={styles.head} role="status">
        <Tag title="Nothing of it happened">simulated</Tag>
        <Outcome of={result.outcome} />
        <span className={styles.dim}>{ran.label}</span>
        <span className={styles.acts}>
          <Button small onPress={() => setSaving(true)}>
            Save as case
          </Button>
        </span>
      </div>
      <Figures result={result} />
      <Failure error={result.error} isDraft={ran.request.target === "draft"} />
      <ReplyView reply={result.reply} isEvent={result.point.includes(".")} />
      <Part title="Log" count={result.logs.length}>
        <Logs of={result.logs} />
        {result.logsDropped > 0 && (
          <p className={styles.dim}>{plural(result.logsDropped, "further line")} beyond the limit.</p>
        )}
      </Part>
      <Part title="Asked for" count={result.hostCalls.length}>
        <HostCalls calls={result.hostCalls} />
      </Part>
      <Part title="Would have changed" count={result.effects.length}>
        <Effects effects={result.effects} />
      </Part>
      <p className={styles.foot}>{footOf(result)}</p>
      <SaveCase ran={ran} isOpen={isSaving} onClose={() => setSaving(false)} />
    </div>
  );
}

function Figures({ result }: { result: HookRun }) {
  return (
    <Facts
      facts={[
        ["Fuel", <Fuel key="fuel" n={result.fuel} />],
        ["Time", <Duration key="time" us={result.durationUs} />],
        ["Memory", <Bytes key="memory" n={result.memoryPeakBytes} isMemory />],
      ]}
    />
  );
}

function Failure({ error, isDraft }: { error: HookError | null; isDraft: boolean }) {
  return error ? <ErrorPlace error={error} isDraft={isDraft} /> : null;
}

function Part({ title, count, children }: { title: string; count: number; children: React.ReactNode }) {
  if (count === 0) return null;
  return (
    <section className={styles.part} aria-label={title}>
      <h3>
        {title} <span className={styles.count}>{count}</span>
      </h3>
      {children}
    </section>
  );
}

const KINDS: Record<TestEffect["kind"], string> = {
  cache: "cache entry",
  database: "write to a table",
  job: "job",
  mail: "mail",
  user: "change of a user",
  sessions: "end of sessions",
  request: "request to another host",
};

function Effects({ effects }: { effects: readonly TestEffect[] }) {
  return (
    <ul className={styles.effects}>
      {effects.map((effect, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the effects of a run are in order and never change
        <li key={at}>
          <details>
            <summary>
              {KINDS[effect.kind]}
              <span className={styles.dim}>
                call {effect.call}
                {effect.remains ? "" : ", undone because the hook did not let the request on"}
              </span>
            </summary>
            <JsonView value={effect.detail} name={KINDS[effect.kind]} isSearchHidden />
          </details>
        </li>
      ))}
    </ul>
  );
}

function footOf({ effects }: HookRun): string {
  if (effects.length === 0) return "Nothing was sent or stored.";
  const counts = new Map<string, number>();
  for (const effect of effects) counts.set(KINDS[effect.kind], (counts.get(KINDS[effect.kind]) ?? 0) + 1);
  const listed = [...counts].map(([kind, count]) => (count === 1 ? `1 ${kind}` : plural(count, kind)));
  return `Nothing was sent or stored: ${listed.join(", ")} simulated.`;
}
