// The line under the editor: what is saved, whether it compiles, what is known of the types, where the cursor is, and how Tab gets
// out of the editor.
import { useSyncExternalStore } from "react";
import { EDITOR_KEYS } from "../../../../editor/editor_keys.ts";
import { countOf, type Problem } from "../../../../editor/problems.ts";
import { bytes } from "../../../../parts/format.ts";
import { shownKeys } from "../../../../parts/shortcuts.ts";
import { useDraft } from "../../draft/draft_context.tsx";
import type { Check, DraftSession } from "../../draft/draft_session.ts";
import type { DraftState } from "../../draft/draft_state.ts";
import type { Cursor } from "./cursor.ts";
import styles from "./status_line.module.css";

type Props = {
  session: DraftSession;
  problems: readonly Problem[];
  cursor: Cursor;
  isTabLeaving: boolean;
};

export function StatusLine({ session, problems, cursor, isTabLeaving }: Props) {
  const saving = useDraft(session, ({ state }) => savingWords(state));
  const tone = useDraft(session, ({ state }) => state.phase.kind);
  const check = useDraft(session, (snapshot) => snapshot.check);
  const keys = shownKeys(EDITOR_KEYS.tabLeaves).join(" ");
  return (
    <footer className={styles.line}>
      <span className={styles.saving} data-phase={tone} role="status">
        {saving}
      </span>
      <span>{compiles(check, problems)}</span>
      <span>{typesWords(check)}</span>
      {check.kind === "failed" && (
        <button type="button" className={styles.again} onClick={() => void session.check(true)}>
          Check again
        </button>
      )}
      <span className={styles.tab}>
        {isTabLeaving ? `Tab leaves the editor · ${keys} lets it indent` : `${keys} lets Tab leave the editor`}
      </span>
      <CursorPlace cursor={cursor} />
    </footer>
  );
}

function CursorPlace({ cursor }: { cursor: Cursor }) {
  const { line, column } = useSyncExternalStore(cursor.subscribe, cursor.read);
  return (
    <span className={styles.place}>
      Line {line}, column {column}
    </span>
  );
}

function savingWords(state: DraftState): string {
  switch (state.phase.kind) {
    case "saved":
      return `Saved r${state.saved.revision}`;
    case "dirty":
    case "saving":
      return "Saving…";
    case "failed":
      return "Not saved";
    case "conflict":
      return "Not saving: conflict";
  }
}

function compiles(check: Check, problems: readonly Problem[]): string {
  if (check.kind === "none") return "";
  if (check.kind === "failed") return `Could not be compiled: ${check.error.message}`;
  if (!check.last) return "Compiling…";
  const ours = problems.filter((problem) => problem.source === "aerocall");
  const { sizeBytes } = check.last.result;
  const said = sizeBytes === null ? countOf(ours) : `Compiles, ${bytes(sizeBytes)}`;
  return check.kind === "running" ? `${said} · compiling…` : said;
}

/** Said as it is: the server has no checker of types unless it says so. */
function typesWords(check: Check): string {
  const types = check.kind === "none" ? undefined : check.last?.result.types;
  return types?.status === "checked" ? "Types: checked by the server" : "Types: checked in your browser only";
}
