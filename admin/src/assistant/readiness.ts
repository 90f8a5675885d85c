// What stands between a proposal and the draft. The server asks for the same: this is only so that the page says it beforehand.
import type { Proposal } from "../api/queries/assistant.ts";

export type Readiness =
  /** The draft has it. */
  | { kind: "applied"; revision: number | null }
  /** Whoever looks at it may not edit. */
  | { kind: "forbidden"; why: string }
  /** The draft was edited after the question: what was verified is not what it would become. */
  | { kind: "overtaken"; from: number | null }
  /** It may do more than the draft: each has to be ticked. */
  | { kind: "widens"; left: number }
  /** Something of it is red. */
  | { kind: "unverified"; problems: readonly string[] }
  | { kind: "ready" };

/** The draft as far as it counts here; `isEdited`: there is something that was not saved yet. */
export type DraftNow = { revision: number; isEdited: boolean };

/** `ticked`: capabilities that were ticked. */
export function readinessOf(
  proposal: Proposal,
  draft: DraftNow,
  ticked: ReadonlySet<string>,
  mayNot: string | undefined,
): Readiness {
  if (proposal.appliedAt) return { kind: "applied", revision: proposal.appliedRevision };
  if (mayNot) return { kind: "forbidden", why: mayNot };
  if (draft.isEdited || draft.revision !== proposal.revision) return { kind: "overtaken", from: proposal.revision };
  const left = proposal.capabilities.added.filter((one) => !ticked.has(one)).length;
  if (left > 0) return { kind: "widens", left };
  if (!proposal.verified) return { kind: "unverified", problems: proposal.problems };
  return { kind: "ready" };
}
