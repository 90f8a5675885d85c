// A draft while its pages are open: what is edited is saved by itself, one request after the other, and what was saved is checked.
// React reads it as a store; the states are in `draft_state.ts`.
import type { BuildSettings, Draft, HookCheck } from "../../../../../docs/openapi.d.ts";
import { type ApiError, asApiError } from "../../../api/errors.ts";
import { checkDraft, type HookId, saveDraft, theirDraft } from "../../../api/queries/drafts.ts";
import { begin, type Content, type DraftEvent, type DraftState, hasUnsent, next } from "./draft_state.ts";
import { forgetUnsent, keepUnsent, readUnsent } from "./unsent.ts";

/** A save waits for a pause of this length, and never longer than the other. */
const PAUSE_MS = 500;
const LONGEST_MS = 3000;
const RETRIES_MS = [2000, 5000, 10_000, 30_000];

export type Check =
  | { kind: "none" }
  | { kind: "running"; last: Checked | null }
  | { kind: "done"; last: Checked }
  | { kind: "failed"; last: Checked | null; error: ApiError };
export type Checked = { revision: number; result: HookCheck };

export type Snapshot = { state: DraftState; check: Check };

export class DraftSession {
  private snapshot: Snapshot;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dirtySince = 0;
  private tries = 0;
  private saving: Promise<void> | null = null;
  private checking: AbortController | null = null;
  private isOpen = false;
  private readonly closers = new Set<() => void>();

  /** `onStored` hears of every revision that the server has. Whoever may only read has nothing checked. */
  constructor(
    readonly id: HookId,
    draft: Draft,
    private readonly onStored: (draft: Draft) => void,
    readonly isReadOnly = false,
  ) {
    this.snapshot = { state: begin(draft, readUnsent(id)), check: { kind: "none" } };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Snapshot => this.snapshot;

  /** Begins to save and check, until `close`. */
  open(): void {
    this.isOpen = true;
    window.addEventListener("pagehide", this.flush);
    window.addEventListener("beforeunload", this.warn);
    document.addEventListener("visibilitychange", this.flush);
    if (this.snapshot.state.phase.kind === "dirty") this.schedule(0);
    void this.check();
  }

  /** What goes with the pages of the hook, such as the models of the editor. */
  atClose(closer: () => void): void {
    this.closers.add(closer);
  }

  close(): void {
    this.flush();
    this.isOpen = false;
    for (const closer of this.closers) closer();
    this.closers.clear();
    clearTimeout(this.timer);
    this.checking?.abort();
    window.removeEventListener("pagehide", this.flush);
    window.removeEventListener("beforeunload", this.warn);
    document.removeEventListener("visibilitychange", this.flush);
  }

  editFiles(change: (files: Content["files"]) => Content["files"]): void {
    const { content } = this.snapshot.state;
    this.edit({ ...content, files: change(content.files) });
  }

  editSettings(settings: BuildSettings): void {
    this.edit({ ...this.snapshot.state.content, settings });
  }

  /** The draft was read again. */
  see(draft: Draft | null): void {
    const before = this.snapshot.state.saved.revision;
    this.happen({ kind: "seen", draft });
    if (this.snapshot.state.saved.revision !== before) void this.check();
  }

  keepMine(): void {
    this.happen({ kind: "kept_mine" });
    this.schedule(0);
  }

  takeTheirs(): void {
    this.happen({ kind: "took_theirs" });
    forgetUnsent(this.id);
    void this.check();
  }

  /** The server has another draft than this one: unless both have the same, somebody has to decide. */
  overtaken(theirs: Draft | null): void {
    this.happen({ kind: "overtaken", theirs });
  }

  /** Goes on with a draft that was made anew, with what is in the editor. */
  goOnWith(draft: Draft): void {
    this.happen({ kind: "overtaken", theirs: draft });
    this.keepMine();
  }

  /** Saves what there is to save; fulfilled once the server has it, or has refused it. The revision, if it has it. */
  async saveNow(): Promise<number | null> {
    clearTimeout(this.timer);
    await this.saving;
    const { kind } = this.snapshot.state.phase;
    if (kind === "dirty" || kind === "failed") await this.save();
    const { state } = this.snapshot;
    return hasUnsent(state) || state.phase.kind === "conflict" ? null : state.saved.revision;
  }

  /** Checks the revision that is saved, unless that is known. */
  async check(again = false): Promise<void> {
    if (this.isReadOnly) return;
    const { state, check } = this.snapshot;
    const { revision } = state.saved;
    const last = check.kind === "none" ? null : check.last;
    if (!this.isOpen || state.phase.kind === "conflict") return;
    if (!again && check.kind === "done" && last?.revision === revision) return;
    this.checking?.abort();
    const checking = new AbortController();
    this.checking = checking;
    this.tell({ check: { kind: "running", last } });
    try {
      const result = await checkDraft(this.id, revision, checking.signal);
      if (this.checking === checking) this.tell({ check: { kind: "done", last: { revision, result } } });
    } catch (thrown) {
      if (this.checking !== checking || checking.signal.aborted) return;
      this.tell({ check: { kind: "failed", last, error: asApiError(thrown) } });
    }
  }

  private edit(content: Content): void {
    this.happen({ kind: "edited", content });
    const { kind } = this.snapshot.state.phase;
    if (kind === "dirty" || kind === "failed") this.schedule(PAUSE_MS);
  }

  private schedule(ms: number): void {
    if (!this.isOpen) return;
    const now = Date.now();
    if (this.dirtySince === 0) this.dirtySince = now;
    const latest = this.dirtySince + LONGEST_MS - now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), Math.max(0, Math.min(ms, latest)));
  }

  private save(): Promise<void> {
    clearTimeout(this.timer);
    this.saving ??= this.send().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  private async send(): Promise<void> {
    const { state } = this.snapshot;
    if (state.phase.kind !== "dirty" && state.phase.kind !== "failed") return;
    this.dirtySince = 0;
    this.keepUnsent();
    this.happen({ kind: "sending" });
    try {
      const draft = await saveDraft(this.id, state.saved.revision, state.content);
      this.tries = 0;
      this.happen({ kind: "stored", draft });
      this.onStored(draft);
      if (hasUnsent(this.snapshot.state)) this.schedule(PAUSE_MS);
      else forgetUnsent(this.id);
      void this.check();
    } catch (thrown) {
      this.failed(asApiError(thrown));
    }
  }

  private failed(error: ApiError): void {
    const theirs = theirDraft(error);
    const isGone = error.status === 404;
    if (theirs !== undefined || isGone) {
      this.overtaken(theirs ?? null);
      return;
    }
    const { message, code, requestId, isPassing } = error;
    this.happen({ kind: "refused", failure: { message, code, requestId, isPassing } });
    if (!isPassing || !this.isOpen) return;
    const wait = RETRIES_MS[Math.min(this.tries, RETRIES_MS.length - 1)] ?? 0;
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), wait);
  }

  private readonly flush = (): void => {
    if (!hasUnsent(this.snapshot.state)) return;
    this.keepUnsent();
    if (this.snapshot.state.phase.kind === "dirty") void this.save();
  };

  private readonly warn = (event: BeforeUnloadEvent): void => {
    const { kind } = this.snapshot.state.phase;
    if (kind === "failed" || kind === "conflict") event.preventDefault();
  };

  private keepUnsent(): void {
    const { state } = this.snapshot;
    keepUnsent(this.id, { revision: state.saved.revision, content: state.content });
  }

  private happen(event: DraftEvent): void {
    this.tell({ state: next(this.snapshot.state, event) });
  }

  private tell(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}
