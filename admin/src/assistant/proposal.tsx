// What the model wants to write into the draft: the difference, what the hook could do from then on, what is red, and applying it. The
// editor is never written to from here: the server makes a new revision of the draft, and the editor takes it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SourceFile } from "../../../docs/openapi.d.ts";
import { ApiError } from "../api/errors.ts";
import { applyProposal, type Proposal } from "../api/queries/assistant.ts";
import { draftOf, theirDraft } from "../api/queries/drafts.ts";
import { useDraft } from "../pages/hook/draft/draft_context.tsx";
import type { DraftSession } from "../pages/hook/draft/draft_session.ts";
import type { FileDifference } from "../pages/hook/draft/files.ts";
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
import { NO_TICKS, readinessOf } from "./readiness.ts";

type Props = {
  proposal: Proposal;
  session: DraftSession;
  onAgain: () => void;
  onApplied: (revision: number) => void;
};

export function ProposalView({ proposal, session, onAgain, onApplied }: Props) {
  const readOnly = useRights().why("hooks:deploy");
  const files = useDraft(session, ({ state }) => state.content.files);
  const saved = useDraft(session, ({ state }) => state.saved);
  const [ticks, setTicks] = useState(NO_TICKS);
  const [isLarge, setLarge] = useState(false);
  const readiness = readinessOf(proposal, files, ticks, readOnly);
  const apply = useApply(proposal, session, [...ticks.capabilities], onApplied);
  const isApplied = readiness.kind === "applied";
  const changes = isApplied ? proposal.files : againstDraft(proposal, saved.files);
  const sides = { before: `draft r${isApplied ? proposal.revision : saved.revision}`, after: "proposal" };
  const tick = (capability: string, isTicked: boolean) => {
    const capabilities = new Set(ticks.capabilities);
    if (isTicked) capabilities.add(capability);
    else capabilities.delete(capability);
    setTicks({ ...ticks, capabilities });
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
          <Differences files={changes} {...sides} />
        </div>
        <CapabilityTicks of={proposal.capabilities} ticked={ticks.capabilities} onTick={tick} isDone={isApplied} />
        {apply.error && <Problem error={apply.error} />}
        <ApplyActs
          readiness={readiness}
          ticks={ticks}
          onReplaces={(replacesEdits) => setTicks({ ...ticks, replacesEdits })}
          isPending={apply.isPending}
          onApply={() => apply.mutate(false)}
          onApplyUnverified={() => apply.mutateAsync(true)}
          onAgain={onAgain}
        />
      </div>
      <Dialog title="The proposal" size="l" isOpen={isLarge} onClose={() => setLarge(false)}>
        <Differences files={changes} {...sides} />
      </Dialog>
    </section>
  );
}

/** What applying it changes of the draft as it was saved last. */
function againstDraft(proposal: Proposal, files: readonly SourceFile[]): FileDifference[] {
  const now = new Map(files.map((file) => [file.path, file.text]));
  return proposal.files.map(({ path, after }) => ({ path, before: now.get(path) ?? null, after }));
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
