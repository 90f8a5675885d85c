// What a run is given: the version, the hook point, an input to begin from, and the state of the world around it.
import { useState } from "react";
import type { Target } from "../../../../api/queries/hook_tests.ts";
import { Button } from "../../../../parts/button.tsx";
import { SelectField } from "../../../../parts/field.tsx";
import { shownKeys } from "../../../../parts/shortcuts.ts";
import { Empty, Skeleton } from "../../../../parts/states.tsx";
import { useDraftIfAny, useHookPage } from "../../draft/draft_context.tsx";
import { firstOf, type Given, ofSample, type Point } from "../test_input.ts";
import type { Tests } from "../use_tests.ts";
import { InvocationChoice } from "./invocation_choice.tsx";
import { JsonField } from "./json_field.tsx";
import styles from "./test_input.module.css";

export function TestInput({ tests, rows = 14 }: { tests: Tests; rows?: number }) {
  const { current, bench } = tests;
  if (!current) {
    if (!tests.isKnown) return <Skeleton kind="form" rows={8} />;
    return <Empty sentence="The hook has no hook point to be called at." />;
  }
  const { point, given } = current;
  const type = (change: Partial<Given>) => bench.type(point.name, { ...given, ...change });
  return (
    <div className={styles.input}>
      <div className={styles.choices}>
        <TargetChoice tests={tests} />
        <SelectField
          name="point"
          label="Called at"
          value={point.name}
          onChange={(name) => bench.set({ point: name })}
          options={tests.points.map((one) => ({ value: one.name, title: one.name, hint: one.when }))}
        />
      </div>
      <Sources point={point} given={given} onChoose={(next) => bench.type(point.name, next)} />
      <JsonField
        name="payload"
        label={point.isEvent ? "Event" : "Payload"}
        value={given.payload}
        onChange={(payload) => type({ payload, from: given.from.replace(/(, changed)?$/, ", changed") })}
        rows={rows}
      />
      <World given={given} onChange={type} />
      <div className={styles.acts}>
        <Button
          kind="primary"
          icon="play"
          onPress={() => void tests.runOnce()}
          isPending={tests.run.kind === "running"}
          whyNot={tests.whyNot}
        >
          Run test
        </Button>
        <kbd className={styles.keys}>{shownKeys("mod+Enter").join(" ")}</kbd>
      </div>
    </div>
  );
}

export function TargetChoice({ tests }: { tests: Tests }) {
  const { live, session, summary } = useHookPage();
  const revision = useDraftIfAny(session, ({ state }) => state.saved.revision);
  const options = [
    ...(revision === null ? [] : [{ value: "draft", title: `Draft r${revision}` }]),
    ...(live ? [{ value: "live", title: `Version ${live.number}, live` }] : []),
    ...Array.from({ length: summary.newest ?? 0 }, (_, at) => (summary.newest ?? 0) - at)
      .filter((number) => number !== live?.number)
      .slice(0, 20)
      .map((number) => ({ value: String(number), title: `Version ${number}` })),
  ];
  return (
    <SelectField
      name="target"
      label="Run"
      value={String(tests.chosen)}
      onChange={(value) => tests.bench.set({ target: targetOf(value) })}
      options={options}
    />
  );
}

function targetOf(value: string): Target {
  return value === "draft" || value === "live" ? value : Number(value);
}

type SourcesProps = { point: Point; given: Given; onChoose: (given: Given) => void };

/** Where an input can come from. */
function Sources({ point, given, onChoose }: SourcesProps) {
  const [isChoosing, setChoosing] = useState(false);
  const isSample = point.samples.some((sample) => sample.name === given.from);
  return (
    <div className={styles.sources}>
      {point.samples.length > 0 && (
        <SelectField
          name="sample"
          label="Begin from a sample"
          value={isSample ? given.from : null}
          placeholder={given.from || "Choose a sample"}
          onChange={(name) => {
            const sample = point.samples.find((one) => one.name === name);
            if (sample) onChoose(ofSample(sample));
          }}
          options={point.samples.map((sample) => ({ value: sample.name, title: sample.name }))}
        />
      )}
      <Button onPress={() => setChoosing(true)} icon="calls">
        Use a real invocation
      </Button>
      {given.payload.trim() === "" && point.samples.length > 0 && (
        <Button kind="quiet" onPress={() => onChoose(firstOf(point))}>
          Restore
        </Button>
      )}
      <InvocationChoice
        point={point.name}
        isOpen={isChoosing}
        onClose={() => setChoosing(false)}
        onChoose={(next) => {
          onChoose(next);
          setChoosing(false);
        }}
      />
    </div>
  );
}

function World({ given, onChange }: { given: Given; onChange: (change: Partial<Given>) => void }) {
  const isUsed = given.context !== "" || given.given !== "" || given.faults !== "";
  return (
    <details className={styles.world} open={isUsed || undefined}>
      <summary>Request and state before the run{isUsed ? "" : ": defaults"}</summary>
      <JsonField
        name="context"
        label="Context"
        value={given.context}
        onChange={(context) => onChange({ context })}
        rows={4}
        hint="Changes to the default context, such as the IP address or the time."
        example={'{\n  "request": { "ip": "203.0.113.7" }\n}'}
        isOptional
      />
      <JsonField
        name="given"
        label="State"
        value={given.given}
        onChange={(state) => onChange({ given: state })}
        rows={4}
        hint="Cache, secrets, users, rows and responses of other hosts. Without a response, a request is refused."
        example={
          '{\n  "cache": { "signup:203.0.113.7": 5 },\n  "http": [{ "request": { "url": "https://api.crm.example/" }, "response": { "status": 200, "body": {} } }]\n}'
        }
        isOptional
      />
      <JsonField
        name="faults"
        label="Faults"
        value={given.faults}
        onChange={(faults) => onChange({ faults })}
        rows={2}
        hint="SDK calls that fail, one a line: db.query#2=timeout, http.send=backend_unavailable."
        isText
        isOptional
      />
    </details>
  );
}
