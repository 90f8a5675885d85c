// One question and its answer: what was sent, how far it is, what each round came to, the text, the proposal, and how it ended.
import type { DraftSession } from "../pages/hook/draft/draft_session.ts";
import { Button } from "../parts/button.tsx";
import { number, plural } from "../parts/format.ts";
import { Markdown } from "../parts/markdown.tsx";
import { PlainText } from "../parts/plain_text.tsx";
import { Problem } from "../parts/states.tsx";
import { Tag } from "../parts/tag.tsx";
import type { Chat } from "./chat_store.ts";
import { type Exchange, isUnderWay, textOf } from "./conversation.ts";
import styles from "./exchange.module.css";
import { HiddenNote } from "./hidden_note.tsx";
import { ProposalView } from "./proposal.tsx";
import { ProposedCases } from "./proposed_cases.tsx";
import { RoundList } from "./round_list.tsx";
import { StepLine } from "./step_line.tsx";

type Props = {
  of: Exchange;
  chat: Chat;
  session: DraftSession;
  /** Asks the same again, of the draft as it is now. */
  onAgain: () => void;
  whyNot: string | undefined;
};

const TASKS = { change: "change", explain: "explain", cases: "propose cases" } as const;

export function ExchangeView({ of, chat, session, onAgain, whyNot }: Props) {
  const { question, proposal, end } = of;
  return (
    <article className={styles.exchange} aria-label={question.text} aria-busy={isUnderWay(of)}>
      <div className={styles.question}>
        <p>
          <Tag>{TASKS[question.task]}</Tag> <PlainText>{question.text}</PlainText>
        </p>
        {question.attached.length > 0 && <p className={styles.dim}>with {question.attached.join(", ")}</p>}
      </div>
      {hasSteps(of) && <StepLine of={of} />}
      <AnswerView of={of} />
      {proposal && proposal.files.length > 0 && (
        <ProposalView
          proposal={proposal}
          session={session}
          onAgain={onAgain}
          onApplied={(revision) => chat.applied(of.id, revision)}
        />
      )}
      {proposal && proposal.cases.length > 0 && <ProposedCases cases={proposal.cases} whyNot={whyNot} />}
      {end?.kind === "failed" && <Problem error={end.error} onRetry={whyNot ? undefined : onAgain} />}
      {end?.kind === "stopped" && <Stopped onAgain={onAgain} whyNot={whyNot} />}
    </article>
  );
}

/** The text of an answer with what it is made of: the same in the panel and in a dialog. */
export function AnswerView({ of }: { of: Exchange }) {
  const text = textOf(of);
  return (
    <>
      <RoundList of={of} />
      {isUnderWay(of) && text === "" && <p className={styles.dim}>{waitingWords(of)}</p>}
      {text !== "" && <Markdown text={text} />}
      <HiddenNote of={of} />
      <Sent of={of} />
    </>
  );
}

function waitingWords({ started, isWaiting }: Exchange): string {
  if (isWaiting) return "The server is busy with other builds: it is asked again by itself.";
  return started ? `Waiting for ${started.model}…` : "Asking…";
}

/** A text that explains something has no steps; nor has a change to which the model only answered a text. */
function hasSteps({ question, end, proposal, rounds }: Exchange): boolean {
  if (question.task === "explain") return false;
  return end === null || proposal !== null || rounds.some((round) => round.verified !== null);
}

/** What went to the model, by part, and what it took. */
function Sent({ of: { started, end } }: { of: Exchange }) {
  if (!started) return null;
  const characters = started.parts.reduce((sum, part) => sum + part.characters, 0);
  const usage = end && end.kind !== "stopped" ? end.usage : null;
  return (
    <details className={styles.sent}>
      <summary>
        {number(characters)} characters sent
        {usage && `, ${number(usage.inputTokens + usage.outputTokens)} tokens used`}
      </summary>
      <ul>
        {started.parts.map((part) => (
          <li key={part.name}>
            <code>
              <PlainText>{part.name}</PlainText>
            </code>
            <span>{plural(part.characters, "character")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Stopped({ onAgain, whyNot }: { onAgain: () => void; whyNot: string | undefined }) {
  return (
    <p className={styles.stopped}>
      <span>Stopped. Nothing was changed.</span>
      <Button small kind="quiet" icon="refresh" onPress={onAgain} whyNot={whyNot}>
        Ask again
      </Button>
    </p>
  );
}
