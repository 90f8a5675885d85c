// Answers of the server, for tests.
import type { AssistantStarted, AssistantUsage, Proposal, ProposalRound } from "../api/queries/assistant.ts";

export const usage: AssistantUsage = { inputTokens: 800, outputTokens: 200, cost: null, tokensLeft: 499_000 };

export const started: AssistantStarted = {
  id: "prp_1",
  provider: "openai",
  model: "qwen3-coder",
  parts: [{ name: "instructions", characters: 1200 }],
  hidden: [],
};

/** A round that is good, but for what is said. */
export function round(change: Partial<ProposalRound> = {}): ProposalRound {
  return {
    number: 1,
    compiles: true,
    types: { status: "not_checked", reason: "The server has no type checker." },
    diagnostics: [],
    cases: { total: 6, passed: 6, failed: [] },
    problems: [],
    ...change,
  };
}

/** A proposal that is verified and widens nothing, but for what is said. */
export function proposal(change: Partial<Proposal> = {}): Proposal {
  return {
    id: "prp_1",
    hook: "signup",
    point: "beforeSignup",
    revision: 41,
    createdAt: "2026-11-30T12:00:00.000Z",
    createdBy: "account:1",
    model: "qwen3-coder",
    provider: "openai",
    text: "It rejects free mail.",
    files: [{ path: "hooks/signup.ts", before: "old", after: "new" }],
    diff: "",
    verified: true,
    problems: [],
    rounds: [round()],
    capabilities: { added: [], removed: [], words: [] },
    cases: [],
    hidden: [],
    appliedAt: null,
    appliedRevision: null,
    ...change,
  };
}
