// What all pages of one hook share: which hook it is, where it is live, and its draft with what was not saved yet.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Draft, HookSummary, LiveHook } from "../../../../../docs/openapi.d.ts";
import type { Place } from "../../../api/client.ts";
import { draftOf, type HookId } from "../../../api/queries/drafts.ts";
import { hookOf, liveHook } from "../../../api/queries/hooks.ts";
import { useRights } from "../../../parts/rights.ts";
import { DraftSession, type Snapshot } from "./draft_session.ts";
import { forgetUnsent } from "./unsent.ts";

export type HookPage = {
  id: HookId;
  place: Place;
  summary: HookSummary;
  /** As it is live in this environment; `null` if it is not. */
  live: LiveHook | null;
  /** Its draft; `null` if it has none. */
  session: DraftSession | null;
  /** A draft was made: from now on it is edited. */
  begin: (draft: Draft) => void;
  /** The draft was deleted. */
  end: () => void;
};

const Shared = createContext<HookPage | null>(null);

export function useHookPage(): HookPage {
  const page = use(Shared);
  if (!page) throw new Error("only for pages below a hook");
  return page;
}

/** Something of the draft; the component is drawn again when it changes. `select` returns the same value for the same state. */
export function useDraft<T>(session: DraftSession, select: (snapshot: Snapshot) => T): T {
  return useSyncExternalStore(session.subscribe, () => select(session.read()));
}

/** The same where there may be no draft. */
export function useDraftIfAny<T>(session: DraftSession | null, select: (snapshot: Snapshot) => T): T | null {
  return useSyncExternalStore(session?.subscribe ?? noDraft, () => (session ? select(session.read()) : null));
}

const noDraft = () => () => {};

/** What the pages of a hook are made of, and how far the answers are. */
export function useHook(place: Place, hook: string) {
  const id = useMemo(() => ({ project: place.project, hook }), [place.project, hook]);
  const summary = useQuery(hookOf(id.project, hook));
  const live = useQuery(liveHook(place, hook));
  const draft = useQuery(draftOf(id));
  const { session, begin, end } = useSession(id, draft.data);
  return { id, summary, live, draft, session, begin, end };
}

function useSession(id: HookId, draft: Draft | null | undefined) {
  const cache = useQueryClient();
  const isReadOnly = useRights().why("hooks:deploy") !== undefined;
  const [session, setSession] = useState<DraftSession | null>(null);
  const actions = useMemo(() => {
    const { queryKey } = draftOf(id);
    const onStored = (stored: Draft) => cache.setQueryData(queryKey, stored);
    return {
      begin: (begun: Draft) => {
        cache.setQueryData(queryKey, begun);
        setSession(new DraftSession(id, begun, onStored, isReadOnly));
      },
      end: () => {
        forgetUnsent(id);
        // First what was read, so that the draft that is gone does not begin anew.
        cache.setQueryData(queryKey, null);
        setSession(null);
        void cache.invalidateQueries({ queryKey: [id.project, "hooks"], exact: true });
      },
    };
  }, [cache, id, isReadOnly]);

  useEffect(() => {
    if (draft === undefined) return;
    if (session) session.see(draft);
    else if (draft) actions.begin(draft);
  }, [draft, session, actions]);

  useEffect(() => {
    session?.open();
    return () => session?.close();
  }, [session]);

  return { session, ...actions };
}

export function HookPageProvider({ page, children }: { page: HookPage; children: ReactNode }) {
  return <Shared value={page}>{children}</Shared>;
}
