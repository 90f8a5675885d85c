// The way of a proposal in six steps, each with a shape, a colour and a word.
import { Mark } from "../parts/outcome.tsx";
import type { Tone } from "../parts/tag.tsx";
import type { Shape } from "../words/outcomes.ts";
import type { Exchange } from "./conversation.ts";
import styles from "./step_line.module.css";
import { type Step, type StepState, stepsOf } from "./steps.ts";

const LOOKS: Record<StepState, { tone: Tone; shape: Shape; word: string }> = {
  waiting: { tone: "unknown", shape: "ring", word: "not yet: " },
  running: { tone: "patch", shape: "half", word: "" },
  passed: { tone: "allow", shape: "disc", word: "done: " },
  failed: { tone: "fail", shape: "triangle", word: "failed: " },
  not_checked: { tone: "unknown", shape: "question", word: "" },
};

export function StepLine({ of }: { of: Exchange }) {
  const steps = stepsOf(of).filter((step) => isShown(step, of));
  const current = steps.find((step) => step.state === "running");
  return (
    <>
      <ol className={styles.steps} aria-label="How far it is">
        {steps.map((step) => (
          <li key={step.name} data-state={step.state} aria-current={step === current ? "step" : undefined}>
            <Mark {...LOOKS[step.state]} />
            {step.word}
          </li>
        ))}
      </ol>
      <span className="hidden-visually" role="status">
        {said(of, current)}
      </span>
    </>
  );
}

/** Test cases that are proposed are added one by one: they are never applied. */
function isShown(step: Step, { question }: Exchange): boolean {
  return step.name !== "applied" || question.task === "change";
}

function said({ end, proposal }: Exchange, current: Step | undefined): string {
  if (current) return current.word;
  if (!end) return "Being checked";
  if (!proposal) return "";
  return proposal.verified ? "A proposal is there, and verified" : "A proposal is there, and not verified";
}
