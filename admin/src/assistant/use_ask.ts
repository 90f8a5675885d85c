// What goes with a question: the hook point, lines that are selected, problems, a test case, an invocation. And asking it, of the draft
// as it is saved.
import { useEffect, useRef, useState } from "react";
import type { AssistantSettings, AssistantTask, Selection } from "../api/queries/assistant.ts";
import type { Problem } from "../editor/problems.ts";
import { useHookPage } from "../pages/hook/draft/draft_context.tsx";
import type { DraftSession } from "../pages/hook/draft/draft_session.ts";
import { plural } from "../parts/format.ts";
import { useRights } from "../parts/rights.ts";
import type { Chat } from "./chat_store.ts";
import type { Question } from "./conversation.ts";

/** What of the page a question can be about. */
export type Surroundings = {
  /** The hook points and events of the hook, as far as they are known. */
  points: readonly string[];
  /** The one that is tested. */
  point: string | null;
  /** What is selected in the editor. */
  selection: Selection | null;
  /** What is wrong with the draft: the server knows what its compiler said, and not what the browser's type checker did. */
  problems: readonly Problem[];
};

/** Something that is asked by a button outside of the panel: one object for one press. */
export type Wish = { task: AssistantTask; about: "selection" | "problems" };

/** What somebody chose to send. */
export type Chosen = {
  task: AssistantTask;
  point: string | null;
  hasSelection: boolean;
  hasProblems: boolean;
  case: string | null;
  invocation: string | null;
};

export type Asking = ReturnType<typeof useAsk>;

const handled = new WeakSet<Wish>();

export function useAsk(
  session: DraftSession,
  chat: Chat,
  settings: AssistantSettings,
  surroundings: Surroundings,
  wish: Wish | null,
) {
  const { place } = useHookPage();
  const readOnly = useRights().why("hooks:deploy");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [own, setOwn] = useState<Partial<Chosen>>({});
  const chosen: Chosen = {
    task: "change",
    point: surroundings.point,
    hasSelection: true,
    hasProblems: surroundings.problems.length > 0,
    case: null,
    invocation: null,
    ...own,
  };

  const send = async (question: string, what: Chosen) => {
    setProblem(null);
    const revision = await session.saveNow();
    if (revision === null) {
      setProblem("The draft could not be saved, so nothing was asked: see above.");
      return;
    }
    const selection = what.hasSelection ? surroundings.selection : null;
    const asked = what.hasProblems ? withProblems(question, surroundings.problems) : question;
    await chat.ask(
      { task: what.task, text: asked, attached: attachedWords(what, surroundings) },
      {
        task: what.task,
        environment: place.environment,
        revision,
        ...(what.point ? { point: what.point } : {}),
        ...(selection ? { selection } : {}),
        attach: {
          diagnostics: what.hasProblems && surroundings.problems.some((one) => one.source === "aerocall"),
          case: what.case,
          invocation: what.invocation,
        },
      },
    );
  };
  const latest = useRef(send);
  latest.current = send;

  useEffect(() => {
    if (!wish || handled.has(wish)) return;
    handled.add(wish);
    const hasSelection = wish.about === "selection";
    const what: Chosen = {
      task: wish.task,
      point: null,
      hasSelection,
      hasProblems: wish.about === "problems",
      case: null,
      invocation: null,
    };
    void latest.current(usualQuestion(what, hasSelection), what);
  }, [wish]);

  const usual = usualQuestion(chosen, chosen.hasSelection && surroundings.selection !== null);
  const question = text.trim() || usual;
  return {
    text,
    setText,
    problem,
    chosen,
    choose: (change: Partial<Chosen>) => setOwn((now) => ({ ...now, ...change })),
    /** What is asked if nothing is typed. */
    usual,
    /** Why nothing can be asked at all. */
    whyNot:
      readOnly ??
      (settings.usage.tokensLeft === 0
        ? "The tokens of today are used up. The limit is in the settings of the assistant"
        : undefined),
    canSend: question !== "",
    send: () => {
      if (question === "" || chat.isBusy) return;
      setText("");
      void send(question, chosen);
    },
    again: ({ text: asked, task }: Question) => void send(asked, { ...chosen, task }),
  };
}

function usualQuestion({ task, hasProblems, invocation }: Chosen, hasSelection: boolean): string {
  if (task === "change") return "";
  if (task === "cases") return "Propose test cases for this hook.";
  if (hasSelection) return "Explain these lines.";
  if (invocation) return "Explain what happened in this invocation.";
  return hasProblems ? "Explain the problems, and how to fix them." : "Explain this hook.";
}

const MAX_TYPE_PROBLEMS = 10;

/** The question with what only the browser knows to be wrong. */
export function withProblems(question: string, problems: readonly Problem[]): string {
  const ofTypes = problems.filter((one) => one.source === "typescript").slice(0, MAX_TYPE_PROBLEMS);
  const lines = ofTypes
    .map((one) => `- ${one.file}:${one.line}:${one.column} TS${one.code}: ${one.message}`)
    .join("\n");
  return lines === "" || question.includes(lines) ? question : `${question}\n\nThe type checker says:\n${lines}`;
}

/** What goes with the question besides the draft, in words. */
export function attachedWords(chosen: Chosen, { selection, problems }: Surroundings): string[] {
  const lines = selection && chosen.hasSelection ? linesOf(selection) : null;
  return [
    lines,
    chosen.hasProblems && problems.length > 0 && plural(problems.length, "problem"),
    chosen.case && `case ${chosen.case}`,
    chosen.invocation && "an invocation, redacted",
  ].filter((one): one is string => typeof one === "string");
}

export function linesOf({ file, startLine, endLine }: Selection): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return startLine === endLine ? `line ${startLine} of ${name}` : `lines ${startLine} to ${endLine} of ${name}`;
}
