// What a hook is at the moment, in a few words beside its name: its draft, what is live here, and what is wrong.
import { Tag } from "../../../parts/tag.tsx";
import { type HookPage, useDraftIfAny } from "../draft/draft_context.tsx";
import type { DraftState } from "../draft/draft_state.ts";

export function HookTags({ page }: { page: HookPage }) {
  const { live, session, place } = page;
  const draft = useDraftIfAny(session, ({ state }) => wordsOf(state));
  const base = useDraftIfAny(session, ({ state }) => state.saved.base?.number ?? 0);
  return (
    <>
      {draft && (
        <Tag tone="patch" title="What is edited here. It is not live.">
          {draft}
          {base ? ` · from v${base}` : ""}
        </Tag>
      )}
      {live ? (
        <Tag tone={live.state === "enabled" ? "allow" : "unknown"} title={`Live in ${place.environment}`}>
          v{live.number} live{live.state === "enabled" ? "" : ", disabled"}
        </Tag>
      ) : (
        <Tag title={`No version is live in ${place.environment}`}>not live here</Tag>
      )}
      {live && live.breaker !== "closed" && live.breaker !== "off" && (
        <Tag tone="fail" title="It failed too often, and its failure policy applies without running it.">
          paused after failures
        </Tag>
      )}
      {live?.problem && (
        <Tag tone="fail" title={live.problem}>
          cannot be run
        </Tag>
      )}
    </>
  );
}

function wordsOf(state: DraftState): string {
  const revision = `draft r${state.saved.revision}`;
  switch (state.phase.kind) {
    case "saved":
      return revision;
    case "dirty":
    case "saving":
      return `${revision} · saving`;
    case "failed":
      return `${revision} · not saved`;
    case "conflict":
      return `${revision} · conflict`;
  }
}
