// What the model wants to write into the draft: the difference, what the hook could do from then on, what is red, and applying it. The
// editor is never written to from here: the server makes a new revision of the draft, and the editor takes it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/errors.ts";
import { applyProposal, type Proposal } from "../api/queries/assistant.ts";
import { draftOf, theirDraft } from "../api/queries/drafts.ts";
import { useDraft } from "../pages/hook/draft/draft_context.tsx";
import type { DraftSession } from "../pages/hook/draft/draft_session.ts";
import { hasUnsent } from "../pages/hook/draft/draft_state.ts";
import { Differences } from "../pages/hook/parts/differences.tsx";
import { IconButton } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { plural } from "../parts/format.ts";
import { useRights } from "../parts/rights.ts";
import { Problem } from "../parts/states.tsx";
import { Tag } from "../parts/tag.tsx";
import { say } from "../parts/toast.tsx";
import { ApplyActs } from "./apply_acts.tsx";
import { CapabilityTicks } from "./capability_ticks.tsx";
import styles from "./proposal.module.css";
import { readinessOf } from "./readiness.ts";

type Props = {
  proposal: Proposal;
  session: DraftSession;
  onAgain: () => void;
  onApplied: (revision: number) => void;
};

export function ProposalView({ proposal, session, onAgain, onApplied }: Props) {
  const readOnly = useRights().why("hooks:deploy");
  const revision = useDraft(session, ({ state }) => state.saved.revision);
  const isEdited = useDraft(session, ({ state }) => hasUnsent(state));
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [isLarge, setLarge] = useState(false);
  const readiness = readinessOf(proposal, { revision, isEdited }, ticked, readOnly);
  const apply = useApply(proposal, session, [...ticked], onApplied);
  const sides = { before: `draft r${proposal.revision ?? "?"}`, after: "proposal" };
  const tick = (capability: string, isTicked: boolean) => {
    const next = new Set(ticked);
    if (isTicked) next.add(capability);
    else next.delete(capability);
    setTicked(next);
  };
  return (
    <section className={styles.proposal} aria-label="Proposal">
      <header className={styles.head}>
        <Tag tone="accent" title="Nothing of it is in the draft before it is applied">
          proposal
        </Tag>
        <span>{plural(proposal.files.length, "file")}</span>
        <span className={styles.large}>
          <IconButton icon="external" label="Show it larger" small onPress={() => setLarge(true)} />
        </span>
      </header>
      <div className={styles.body}>
        <div className={styles.difference}>
          <Differences files={proposal.files} {...sides} />
        </div>
        <CapabilityTicks
          of={proposal.capabilities}
          ticked={ticked}
          onTick={tick}
          isDone={readiness.kind === "applied"}
        />
        {apply.error && <Problem error={apply.error} />}
        <ApplyActs
          readiness={readiness}
          isPending={apply.isPending}
          onApply={() => apply.mutate(false)}
          onApplyUnverified={() => apply.mutateAsync(true)}
          onAgain={onAgain}
        />
      </div>
      <Dialog title="The proposal" size="l" isOpen={isLarge} onClose={() => setLarge(false)}>
        <Differences files={proposal.files} {...sides} />
      </Dialog>
    </section>
  );
}

function useApply(
  proposal: Proposal,
  session: DraftSession,
  acceptCapabilities: string[],
  onApplied: (revision: number) => void,
) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (acceptUnverified: boolean) => {
      // What is not saved yet makes another revision of the draft: the server refuses, and nothing of it is lost.
      const revision = await session.saveNow();
      if (revision === null) throw notSaved();
      return applyProposal(session.id, proposal.id, revision, { acceptUnverified, acceptCapabilities });
    },
    onSuccess: (draft) => {
      // The pages of the hook hear of the new revision, and the editor takes it.
      cache.setQueryData(draftOf(session.id).queryKey, draft);
      onApplied(draft.revision);
      say(`The proposal is applied: the draft has revision ${draft.revision}. Undo in the editor takes it back.`);
    },
    onError: (error) => {
      const theirs = theirDraft(error);
      if (theirs !== undefined) session.overtaken(theirs);
    },
  });
}

function notSaved(): ApiError {
  const message = "The draft could not be saved, so nothing was applied: see above.";
  return new ApiError({ code: "page_error", status: 0, message });
}
