// What was asked and what came, as pure functions of the events of a stream. Nothing here waits, sends or draws. It is kept in the
// memory of the page alone.
import { type ApiError, ApiError as Refusal, UNREACHABLE } from "../api/errors.ts";
import {
  type AssistantEvent,
  type AssistantStarted,
  type AssistantTask,
  type AssistantUsage,
  failureOf,
  type Message,
  type Proposal,
  type ProposalRound,
} from "../api/queries/assistant.ts";

/** What a person asked. */
export type Question = {
  task: AssistantTask;
  text: string;
  /** What went with it, in words: "lines 3 to 9 of hooks/signup.ts". */
  attached: readonly string[];
};

/** One request to the model: what it wrote, and what came of it. */
export type Round = { number: number; of: number; text: string; verified: ProposalRound | null };

export type End =
  | { kind: "done"; usage: AssistantUsage }
  | { kind: "failed"; error: ApiError; usage: AssistantUsage | null }
  | { kind: "stopped" };

/** A question and its answer. */
export type Exchange = {
  id: number;
  question: Question;
  /** The server was busy: it is asked again by itself. */
  isWaiting: boolean;
  started: AssistantStarted | null;
  rounds: readonly Round[];
  proposal: Proposal | null;
  /** `null` while it is under way. */
  end: End | null;
};

/** What one round may write: the limit of tokens of the server is far below. */
const MAX_TEXT = 1_000_000;

export function begin(id: number, question: Question): Exchange {
  return { id, question, isWaiting: false, started: null, rounds: [], proposal: null, end: null };
}

export function follow(exchange: Exchange, event: AssistantEvent): Exchange {
  if (exchange.end) return exchange;
  switch (event.type) {
    case "started":
      return { ...exchange, isWaiting: false, started: event.data };
    case "round":
      return { ...exchange, rounds: [...exchange.rounds, { ...event.data, text: "", verified: null }] };
    case "text":
      return inRound(exchange, event.data.round, (round) => ({
        text: (round.text + event.data.delta).slice(0, MAX_TEXT),
      }));
    case "verified":
      return inRound(exchange, event.data.number, () => ({ verified: event.data }));
    case "proposal":
      return { ...exchange, proposal: event.data };
    case "done":
      return { ...exchange, end: { kind: "done", usage: event.data.usage } };
    case "failed":
      return { ...exchange, end: { kind: "failed", error: failureOf(event.data), usage: event.data.usage } };
  }
}

function inRound(exchange: Exchange, number: number, change: (round: Round) => Partial<Round>): Exchange {
  const rounds = exchange.rounds.map((round) => (round.number === number ? { ...round, ...change(round) } : round));
  return { ...exchange, rounds };
}

export function waiting(exchange: Exchange): Exchange {
  return exchange.end ? exchange : { ...exchange, isWaiting: true };
}

export function stop(exchange: Exchange): Exchange {
  return exchange.end ? exchange : { ...exchange, end: { kind: "stopped" } };
}

export function fail(exchange: Exchange, error: ApiError): Exchange {
  return exchange.end ? exchange : { ...exchange, end: { kind: "failed", error, usage: null } };
}

/** A stream that ended without saying how. */
export function cutOff(exchange: Exchange): Exchange {
  const message = "The connection ended before the answer did. Nothing was changed.";
  return fail(exchange, new Refusal({ code: UNREACHABLE, status: 0, message }));
}

/** The draft has what was proposed. */
export function applied(exchange: Exchange, revision: number): Exchange {
  if (!exchange.proposal) return exchange;
  const at = new Date().toISOString();
  return { ...exchange, proposal: { ...exchange.proposal, appliedAt: at, appliedRevision: revision } };
}

/** What there is to read of an answer: of a proposal what it says besides its files, else what was written last. */
export function textOf({ proposal, rounds }: Exchange): string {
  return proposal ? proposal.text : (rounds.at(-1)?.text ?? "");
}

export const isUnderWay = (exchange: Exchange | undefined): boolean => exchange !== undefined && exchange.end === null;

const MAX_MESSAGES = 20;
/** In bytes of UTF-8, with some room for the other fields of the request. */
const MAX_BYTES = 60 * 1024;

/** What is sent: the question, and of what came before as much as the server takes. Whole questions with their answers are left out. */
export function messagesOf(before: readonly Exchange[], question: string): Message[] {
  const pairs = before.filter((one) => one.end?.kind === "done").map(pairOf);
  let messages: Message[] = [{ role: "user", text: question }];
  for (const pair of pairs.reverse()) {
    const longer = [...pair, ...messages];
    if (longer.length > MAX_MESSAGES || sizeOf(longer) > MAX_BYTES) break;
    messages = longer;
  }
  return messages;
}

/** With the files that were proposed, as the model wrote them: it is asked to go on from them. */
function pairOf(exchange: Exchange): Message[] {
  const written = exchange.rounds.at(-1)?.text ?? "";
  const text = written === "" ? textOf(exchange) : written;
  return text === ""
    ? []
    : [
        { role: "user", text: exchange.question.text },
        { role: "assistant", text },
      ];
}

function sizeOf(messages: readonly Message[]): number {
  return new TextEncoder().encode(JSON.stringify(messages)).length;
}
