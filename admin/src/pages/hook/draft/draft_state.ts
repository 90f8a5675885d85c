// What can happen to a draft that is edited, as a pure function: what is in the editor, what the server has, and which of the two is
// ahead. Nothing here waits, sends or draws.
import type { BuildSettings, Draft, SourceFile } from "../../../../../docs/openapi.d.ts";

export type Content = { files: readonly SourceFile[]; settings: BuildSettings };

/** Why nothing was saved. */
export type Failure = { message: string; code: string; requestId: string | null; isPassing: boolean };

export type Phase =
  /** The server has what the editor has. */
  | { kind: "saved" }
  /** There are edits that were not sent yet. */
  | { kind: "dirty" }
  /** Sent, and not answered yet. `sent` is what; there may be edits since. */
  | { kind: "saving"; sent: Content }
  /** Refused, or not reached. It is tried again, if that can help. */
  | { kind: "failed"; failure: Failure }
  /** Somebody else changed the draft meanwhile, or deleted it (`null`). Nothing is sent before somebody has decided. */
  | { kind: "conflict"; theirs: Draft | null };

export type DraftState = {
  /** What the editor has. */
  content: Content;
  /** What the server had when it answered last. */
  saved: Draft;
  phase: Phase;
  /** Grows when `content` was replaced from outside of the editor, which has to follow. */
  replaced: number;
};

export type DraftEvent =
  | { kind: "edited"; content: Content }
  | { kind: "sending" }
  | { kind: "stored"; draft: Draft }
  | { kind: "refused"; failure: Failure }
  | { kind: "overtaken"; theirs: Draft | null }
  | { kind: "seen"; draft: Draft | null }
  | { kind: "kept_mine" }
  | { kind: "took_theirs" };

/** A draft as it was read. `unsent`: edits of this tab that were not saved when the page was left. */
export function begin(draft: Draft, unsent?: { revision: number; content: Content } | null): DraftState {
  const state: DraftState = { content: contentOf(draft), saved: draft, phase: { kind: "saved" }, replaced: 0 };
  if (!unsent || isSameContent(unsent.content, state.content)) return state;
  const isBehind = unsent.revision !== draft.revision;
  return {
    ...state,
    content: unsent.content,
    phase: isBehind ? { kind: "conflict", theirs: draft } : { kind: "dirty" },
  };
}

export function next(state: DraftState, event: DraftEvent): DraftState {
  switch (event.kind) {
    case "edited":
      return edited(state, event.content);
    case "sending":
      return { ...state, phase: { kind: "saving", sent: state.content } };
    case "stored":
      return stored(state, event.draft);
    case "refused":
      return { ...state, phase: { kind: "failed", failure: event.failure } };
    case "overtaken":
      return overtaken(state, event.theirs);
    case "seen":
      return seen(state, event.draft);
    case "kept_mine":
      return keptMine(state);
    case "took_theirs":
      return tookTheirs(state);
  }
}

/** Whether something is in the editor that the server does not have. */
export function hasUnsent(state: DraftState): boolean {
  return !isSameContent(state.content, contentOf(state.saved));
}

function edited(state: DraftState, content: Content): DraftState {
  // While a save is under way it goes on; what came since is seen when it has ended.
  const isFree = state.phase.kind === "saved" || state.phase.kind === "dirty";
  if (!isFree) return { ...state, content };
  const isBack = isSameContent(content, contentOf(state.saved));
  return { ...state, content, phase: { kind: isBack ? "saved" : "dirty" } };
}

function stored(state: DraftState, draft: Draft): DraftState {
  const sent = state.phase.kind === "saving" ? state.phase.sent : state.content;
  // What the server stored is what counts as saved, even if it wrote it in another way.
  const saved = { ...draft, files: [...sent.files], settings: sent.settings };
  const isDone = isSameContent(state.content, sent);
  return { ...state, saved, phase: { kind: isDone ? "saved" : "dirty" } };
}

function overtaken(state: DraftState, theirs: Draft | null): DraftState {
  // The same change from two sides is no conflict.
  if (theirs && isSameContent(contentOf(theirs), state.content)) {
    return { ...state, saved: theirs, phase: { kind: "saved" } };
  }
  return { ...state, phase: { kind: "conflict", theirs } };
}

/** The draft was read again, as when somebody comes back to the page. */
function seen(state: DraftState, draft: Draft | null): DraftState {
  if (state.phase.kind === "saving") return state;
  if (draft?.revision === state.saved.revision) return rebased(state, draft);
  // An answer that is older than what was stored since.
  if (draft && draft.revision < state.saved.revision) return state;
  const isUntouched = state.phase.kind === "saved" && !hasUnsent(state);
  if (!isUntouched || draft === null) return overtaken(state, draft);
  return { content: contentOf(draft), saved: draft, phase: { kind: "saved" }, replaced: state.replaced + 1 };
}

/** A version was made of the draft, which goes on from it: the same revision with another base. */
function rebased(state: DraftState, { base, packages }: Draft): DraftState {
  if (base?.number === state.saved.base?.number) return state;
  return { ...state, saved: { ...state.saved, base, packages } };
}

function keptMine(state: DraftState): DraftState {
  if (state.phase.kind !== "conflict" || !state.phase.theirs) return state;
  return { ...state, saved: state.phase.theirs, phase: { kind: "dirty" } };
}

function tookTheirs(state: DraftState): DraftState {
  if (state.phase.kind !== "conflict" || !state.phase.theirs) return state;
  const { theirs } = state.phase;
  return { content: contentOf(theirs), saved: theirs, phase: { kind: "saved" }, replaced: state.replaced + 1 };
}

export function contentOf(draft: Draft): Content {
  return { files: draft.files, settings: draft.settings };
}

export function isSameContent(a: Content, b: Content): boolean {
  return isSameFiles(a.files, b.files) && isSameSettings(a.settings, b.settings);
}

export function isSameFiles(a: readonly SourceFile[], b: readonly SourceFile[]): boolean {
  if (a.length !== b.length) return false;
  const texts = new Map(b.map((file) => [file.path, file.text]));
  return a.every((file) => texts.get(file.path) === file.text);
}

function isSameSettings(a: BuildSettings, b: BuildSettings): boolean {
  return a === b || JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(settings: BuildSettings): unknown[] {
  const entries = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).sort(([x], [y]) => (x < y ? -1 : 1));
  return [settings.entry, settings.capabilities, entries(settings.limits), entries(settings.schedules)];
}
