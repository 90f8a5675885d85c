// What stands between a proposal and the draft. The server asks for the same: this is only so that the page says it beforehand.
import type { SourceFile } from "../../../docs/openapi.d.ts";
import type { Proposal } from "../api/queries/assistant.ts";

export type Readiness =
  /** The draft has it. */
  | { kind: "applied"; revision: number | null }
  /** Whoever looks at it may not edit. */
  | { kind: "forbidden"; why: string }
  /** Files that it writes were edited after the question: their edits would be lost. */
  | { kind: "overtaken"; files: string[] }
  /** It may do more than the draft: each has to be ticked. */
  | { kind: "widens"; left: number }
  /** Something of it is red. */
  | { kind: "unverified"; problems: readonly string[] }
  | { kind: "ready" };

/** What was ticked. */
export type Ticks = { capabilities: ReadonlySet<string>; replacesEdits: boolean };

export const NO_TICKS: Ticks = { capabilities: new Set(), replacesEdits: false };

export function readinessOf(
  proposal: Proposal,
  draft: readonly SourceFile[],
  ticks: Ticks,
  mayNot: string | undefined,
): Readiness {
  if (proposal.appliedAt) return { kind: "applied", revision: proposal.appliedRevision };
  if (mayNot) return { kind: "forbidden", why: mayNot };
  const edited = editedSince(proposal, draft);
  if (edited.length > 0 && !ticks.replacesEdits) return { kind: "overtaken", files: edited };
  const left = proposal.capabilities.added.filter((one) => !ticks.capabilities.has(one)).length;
  if (left > 0) return { kind: "widens", left };
  if (!proposal.verified) return { kind: "unverified", problems: proposal.problems };
  return { kind: "ready" };
}

/** The files of a proposal that the draft no longer has as the model saw them. */
export function editedSince(proposal: Proposal, draft: readonly SourceFile[]): string[] {
  const now = new Map(draft.map((file) => [file.path, file.text]));
  return proposal.files.filter((file) => (now.get(file.path) ?? null) !== file.before).map((file) => file.path);
}
