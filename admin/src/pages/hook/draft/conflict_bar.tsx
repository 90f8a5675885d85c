// Two people, or two tabs, changed the same draft. Saving has stopped; the bar says so across the page until somebody has decided.
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Draft } from "../../../../../docs/openapi.d.ts";
import { beginDraft } from "../../../api/queries/drafts.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Button } from "../../../parts/button.tsx";
import { Dialog } from "../../../parts/dialog.tsx";
import { Time } from "../../../parts/figures.tsx";
import { Icon } from "../../../parts/icon.tsx";
import { Problem, Skeleton } from "../../../parts/states.tsx";
import bar from "../parts/bar.module.css";
import { useDraft, useHookPage } from "./draft_context.tsx";
import type { DraftSession } from "./draft_session.ts";
import type { DraftState } from "./draft_state.ts";
import { differences } from "./files.ts";

const Differences = lazy(() => import("../parts/differences.tsx").then((file) => ({ default: file.Differences })));

export function ConflictBar({ session }: { session: DraftSession }) {
  const state = useDraft(session, (snapshot) => snapshot.state);
  if (state.phase.kind === "conflict") {
    return state.phase.theirs ? (
      <Overtaken session={session} state={state} theirs={state.phase.theirs} />
    ) : (
      <Deleted session={session} />
    );
  }
  if (state.phase.kind === "failed") return <NotSaved session={session} state={state} />;
  return null;
}

function Overtaken({ session, state, theirs }: { session: DraftSession; state: DraftState; theirs: Draft }) {
  const [isComparing, setComparing] = useState(false);
  const changed = differences(theirs.files, state.content.files);
  return (
    <section className={bar.bar} aria-label="Conflict" role="alert">
      <span className={bar.sign}>
        <Icon name="warning" />
      </span>
      <div className={bar.words}>
        <strong>The draft was changed somewhere else: your edits are not being saved.</strong>
        <span className={bar.dim}>
          Revision {theirs.revision} was saved <Time at={theirs.updatedAt} /> by <Actor of={theirs.updatedBy} />; you
          had begun from revision {state.saved.revision}. {fileWords(changed.length)}
        </span>
      </div>
      <div className={bar.acts}>
        <Button onPress={() => setComparing(true)} icon="compare">
          Compare
        </Button>
        <Button onPress={() => session.takeTheirs()}>Take theirs</Button>
        <Button onPress={() => session.keepMine()}>Keep mine</Button>
      </div>
      <Dialog
        title={`Revision ${theirs.revision} and your edits`}
        size="l"
        isOpen={isComparing}
        onClose={() => setComparing(false)}
        footer={
          <>
            <Button onPress={() => session.takeTheirs()}>Take theirs</Button>
            <Button onPress={() => session.keepMine()}>Keep mine</Button>
          </>
        }
      >
        <Suspense fallback={<Skeleton kind="text" />}>
          <Differences files={changed} before={`revision ${theirs.revision}`} after="your edits" />
        </Suspense>
      </Dialog>
    </section>
  );
}

function fileWords(count: number): string {
  if (count === 0) return "Only the settings differ.";
  return count === 1 ? "One file differs." : `${count} files differ.`;
}

/** Somebody deleted the draft. What is here can begin a new one, from the version that it had begun from. */
function Deleted({ session }: { session: DraftSession }) {
  const { summary, end } = useHookPage();
  const state = useDraft(session, (snapshot) => snapshot.state);
  const from = state.saved.base?.number ?? summary.newest;
  const again = useMutation({
    mutationFn: () => beginDraft(session.id, from ?? 0),
    onSuccess: (draft) => session.goOnWith(draft),
  });
  return (
    <section className={bar.bar} aria-label="The draft was deleted" role="alert">
      <span className={bar.sign}>
        <Icon name="warning" />
      </span>
      <div className={bar.words}>
        <strong>The draft was deleted somewhere else: your edits are not being saved.</strong>
        {again.error && <Problem error={again.error} />}
      </div>
      <div className={bar.acts}>
        <Button onPress={end}>Discard my edits</Button>
        <Button
          onPress={() => again.mutate()}
          isPending={again.isPending}
          whyNot={from ? undefined : "The hook has no version to begin a draft from"}
        >
          Begin a draft with my edits
        </Button>
      </div>
    </section>
  );
}

function NotSaved({ session, state }: { session: DraftSession; state: DraftState }) {
  if (state.phase.kind !== "failed") return null;
  const { failure } = state.phase;
  return (
    <section className={`${bar.bar} ${bar.failed}`} aria-label="Not saved" role="alert">
      <span className={bar.sign}>
        <Icon name="warning" />
      </span>
      <div className={bar.words}>
        <strong>Your last edits are not saved. They are kept in this tab.</strong>
        <span className={bar.dim}>
          {failure.message} ({failure.code}
          {failure.requestId ? `, request ${failure.requestId}` : ""})
          {failure.isPassing ? " It is tried again by itself." : ""}
        </span>
      </div>
      <div className={bar.acts}>
        <Button icon="refresh" onPress={() => void session.saveNow()}>
          Save now
        </Button>
      </div>
    </section>
  );
}
