// The draft began from an older version than the one that is live: deployed as it is, it would undo what came since.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { beginDraft, deleteDraft, type HookId } from "../../../api/queries/drafts.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Icon } from "../../../parts/icon.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import bar from "../parts/bar.module.css";
import { useDraft, useHookPage } from "./draft_context.tsx";
import type { DraftSession } from "./draft_session.ts";

export function BehindBar({ session }: { session: DraftSession }) {
  const { live, place, id } = useHookPage();
  const base = useDraft(session, ({ state }) => state.saved.base?.number ?? null);
  const phase = useDraft(session, ({ state }) => state.phase.kind);
  const [isAsking, setAsking] = useState(false);
  const goOn = useGoOnFrom(session);
  if (!live || base === null || live.number <= base || phase === "conflict") return null;
  const pair = `${live.number}..draft`;
  return (
    <section className={bar.bar} aria-label="The draft is behind">
      <span className={bar.sign}>
        <Icon name="info" />
      </span>
      <div className={bar.words}>
        <strong>
          Version {live.number} went live in {place.environment} after this draft began from version {base}.
        </strong>
        <span className={bar.dim}>Take over what it changed, then go on from version {live.number} to deploy.</span>
      </div>
      <div className={bar.acts}>
        <ButtonLink
          icon="compare"
          to="/p/$project/$environment/hooks/$hook/history/$pair"
          params={{ ...place, hook: id.hook, pair }}
        >
          Compare
        </ButtonLink>
        <Button onPress={() => setAsking(true)}>Go on from version {live.number}</Button>
      </div>
      <ConfirmDialog
        title={`Go on from version ${live.number}?`}
        consequence={`The draft keeps its files and settings as they are now, and counts as made from version ${live.number}. What that version changed and the draft does not have would be undone by deploying it: compare both first.`}
        action={`Go on from version ${live.number}`}
        kind="primary"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => goOn.mutateAsync(live.number)}
      />
    </section>
  );
}

/** Makes another version the base of the draft. What is edited is in the tab until the new draft has it. */
function useGoOnFrom(session: DraftSession) {
  return useMutation({
    mutationFn: async (number: number) => {
      const id: HookId = session.id;
      await session.saveNow();
      await deleteDraft(id, session.read().state.saved.revision);
      session.goOnWith(await beginDraft(id, number));
      await session.saveNow();
    },
  });
}
