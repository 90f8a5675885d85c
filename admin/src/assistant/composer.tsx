// Where a question is written, and what goes with it is chosen.
import { useQuery } from "@tanstack/react-query";
import type { KeyboardEvent } from "react";
import type { AssistantTask } from "../api/queries/assistant.ts";
import { casesOf } from "../api/queries/cases.ts";
import { invocations } from "../api/queries/invocations.ts";
import { useHookPage } from "../pages/hook/draft/draft_context.tsx";
import { Button } from "../parts/button.tsx";
import { Choice } from "../parts/choice.tsx";
import { Checkbox, SelectField, TextArea } from "../parts/field.tsx";
import { ago, plural } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { lookOf } from "../words/outcomes.ts";
import styles from "./composer.module.css";
import { type Asking, attachedWords, linesOf, type Surroundings } from "./use_ask.ts";

type Props = { asking: Asking; surroundings: Surroundings; isBusy: boolean; onStop: () => void };

const TASKS = [
  { value: "change", title: "Change" },
  { value: "explain", title: "Explain" },
  { value: "cases", title: "Propose cases" },
] as const;

const PLACEHOLDERS: Record<AssistantTask, string> = {
  change: "Reject sign-ups of free email providers",
  explain: "Why does it deny users without a name?",
  cases: "Which inputs should it be tested with?",
};

export function Composer({ asking, surroundings, isBusy, onStop }: Props) {
  const { chosen } = asking;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing)
      return;
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    if (!asking.whyNot) asking.send();
  };
  return (
    <section className={styles.composer} aria-label="Ask" onKeyDown={onKeyDown}>
      {asking.whyNot && (
        <p className={styles.whyNot}>
          <Icon name="lock" />
          <span>{asking.whyNot}.</span>
        </p>
      )}
      <Choice label="Task" options={TASKS} value={chosen.task} onChange={(task) => asking.choose({ task })} />
      <TextArea
        name="question"
        label="Question"
        isLabelHidden
        rows={2}
        autoFocus
        value={asking.text}
        onChange={asking.setText}
        placeholder={asking.usual || PLACEHOLDERS[chosen.task]}
        isDisabled={asking.whyNot !== undefined}
        problem={asking.problem ?? undefined}
      />
      <div className={styles.foot}>
        <Attached asking={asking} surroundings={surroundings} />
        {isBusy ? (
          <Button icon="stop" onPress={onStop}>
            Stop
          </Button>
        ) : (
          <Button
            kind="primary"
            onPress={asking.send}
            whyNot={asking.whyNot ?? (asking.canSend ? undefined : "Write what the hook should do first")}
          >
            Send
          </Button>
        )}
      </div>
    </section>
  );
}

function Attached({ asking, surroundings }: Pick<Props, "asking" | "surroundings">) {
  const { chosen, choose } = asking;
  const { selection, problems, points } = surroundings;
  const words = ["the draft", ...attachedWords(chosen, surroundings)].join(", ");
  return (
    <details className={styles.attached}>
      <summary>Sent with it: {words}</summary>
      <div className={styles.choices}>
        {selection && (
          <Checkbox
            name="selection"
            label={capital(linesOf(selection))}
            hint="What is selected in the editor."
            isSelected={chosen.hasSelection}
            onChange={(hasSelection) => choose({ hasSelection })}
          />
        )}
        {problems.length > 0 && (
          <Checkbox
            name="problems"
            label={capital(plural(problems.length, "problem"))}
            hint="What the compiler and the type checker say of the draft."
            isSelected={chosen.hasProblems}
            onChange={(hasProblems) => choose({ hasProblems })}
          />
        )}
        {points.length > 1 && (
          <SelectField
            name="point"
            label="Hook point"
            value={chosen.point}
            onChange={(point) => choose({ point })}
            options={points.map((name) => ({ value: name, title: name }))}
          />
        )}
        <CaseChoice value={chosen.case} onChange={(one) => choose({ case: one })} />
        <InvocationChoice value={chosen.invocation} onChange={(invocation) => choose({ invocation })} />
      </div>
    </details>
  );
}

type ChoiceProps = { value: string | null; onChange: (value: string | null) => void };

const NONE = "";

function CaseChoice({ value, onChange }: ChoiceProps) {
  const { id } = useHookPage();
  const { data } = useQuery(casesOf(id));
  if (!data || data.cases.length === 0) return null;
  return (
    <SelectField
      name="case"
      label="Test case"
      value={value ?? NONE}
      onChange={(name) => onChange(name === NONE ? null : name)}
      options={[{ value: NONE, title: "None" }, ...data.cases.map(({ name }) => ({ value: name, title: name }))]}
    />
  );
}

const SHOWN = 20;

function InvocationChoice({ value, onChange }: ChoiceProps) {
  const { id, place } = useHookPage();
  const { data } = useQuery(invocations(place, { hook: id.hook }, undefined, SHOWN));
  const found = data?.invocations ?? [];
  if (found.length === 0) return null;
  const options = found.map((one) => ({
    value: one.id,
    title: `${lookOf(one.outcome).word}, ${ago(one.createdAt)}`,
    hint: `${one.point}, version ${one.version}`,
  }));
  return (
    <SelectField
      name="invocation"
      label="Invocation"
      hint="Redacted: addresses, names of people and what looks like a secret are replaced before it is sent."
      value={value ?? NONE}
      onChange={(one) => onChange(one === NONE ? null : one)}
      options={[{ value: NONE, title: "None" }, ...options]}
    />
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
