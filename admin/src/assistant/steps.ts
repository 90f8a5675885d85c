// How far a proposal is: asked, written, compiles, types, cases, applied. What the server has not said is not guessed.
import type { ProposalRound } from "../api/queries/assistant.ts";
import { plural } from "../parts/format.ts";
import type { Exchange } from "./conversation.ts";

export type StepState = "waiting" | "running" | "passed" | "failed" | "not_checked";
export type Step = {
  name: "asked" | "written" | "compiles" | "types" | "cases" | "applied";
  state: StepState;
  word: string;
};

export function stepsOf(exchange: Exchange): Step[] {
  const last = exchange.rounds.at(-1);
  const verified = last?.verified ?? exchange.proposal?.rounds.at(-1) ?? null;
  return [
    { name: "asked", ...asked(exchange) },
    { name: "written", ...written(exchange, verified) },
    { name: "compiles", ...compiles(verified) },
    { name: "types", ...types(verified) },
    { name: "cases", ...cases(verified) },
    { name: "applied", ...applied(exchange) },
  ];
}

type Found = { state: StepState; word: string };

function asked({ started, end }: Exchange): Found {
  if (started) return { state: "passed", word: "asked" };
  return end ? { state: "failed", word: "not asked" } : { state: "running", word: "asking" };
}

function written({ started, rounds, end }: Exchange, verified: ProposalRound | null): Found {
  if (verified) return { state: "passed", word: "written" };
  if (end) return { state: started ? "failed" : "waiting", word: "written" };
  const last = rounds.at(-1);
  if (!last) return { state: "waiting", word: "written" };
  return { state: "running", word: last.number > 1 ? `writing, round ${last.number}` : "writing" };
}

function compiles(verified: ProposalRound | null): Found {
  if (!verified) return { state: "waiting", word: "compiles" };
  return verified.compiles ? { state: "passed", word: "compiles" } : { state: "failed", word: "does not compile" };
}

function types(verified: ProposalRound | null): Found {
  if (!verified?.compiles) return { state: "waiting", word: "types" };
  if (verified.types.status === "not_checked") return { state: "not_checked", word: "types not checked" };
  // The type checker names its problems TS2322; the compiler has names of its own.
  const found = verified.diagnostics.filter((one) => one.code.startsWith("TS")).length;
  return found > 0 ? { state: "failed", word: plural(found, "type problem") } : { state: "passed", word: "types" };
}

function cases(verified: ProposalRound | null): Found {
  if (!verified?.compiles) return { state: "waiting", word: "cases" };
  const { total, passed } = verified.cases;
  if (total === 0) return { state: "not_checked", word: "no case" };
  return { state: passed < total ? "failed" : "passed", word: `${passed}/${total} cases` };
}

function applied({ proposal }: Exchange): Found {
  if (!proposal?.appliedAt) return { state: "waiting", word: "applied" };
  return { state: "passed", word: proposal.appliedRevision ? `applied as r${proposal.appliedRevision}` : "applied" };
}
