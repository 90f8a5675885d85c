import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../../docs/openapi.d.ts";
import { begin, type DraftEvent, type DraftState, hasUnsent, next } from "./draft_state.ts";

const settings = { entry: null, capabilities: null, limits: {}, schedules: {} };

function draft(revision: number, text: string): Draft {
  return {
    hook: "signup",
    revision,
    files: [{ path: "hooks/signup.ts", text }],
    packages: [],
    settings,
    base: null,
    updatedAt: "2026-01-31T12:00:00.000Z",
    updatedBy: "admin:1",
  };
}

const content = (text: string) => ({ files: [{ path: "hooks/signup.ts", text }], settings });
const edit = (text: string): DraftEvent => ({ kind: "edited", content: content(text) });
const textOf = (state: DraftState) => state.content.files[0]?.text;

function through(start: DraftState, ...events: DraftEvent[]): DraftState {
  return events.reduce(next, start);
}

describe("saving", () => {
  it("goes from an edit over a request to saved", () => {
    const dirty = through(begin(draft(4, "a")), edit("b"));
    expect(dirty.phase.kind).toBe("dirty");
    const saving = next(dirty, { kind: "sending" });
    expect(saving.phase.kind).toBe("saving");
    const saved = next(saving, { kind: "stored", draft: draft(5, "b") });
    expect(saved.phase.kind).toBe("saved");
    expect(saved.saved.revision).toBe(5);
    expect(hasUnsent(saved)).toBe(false);
  });

  it("goes on with what was typed while a request was under way", () => {
    const state = through(begin(draft(4, "a")), edit("b"), { kind: "sending" }, edit("bc"), {
      kind: "stored",
      draft: draft(5, "b"),
    });
    expect(state.phase.kind).toBe("dirty");
    expect(textOf(state)).toBe("bc");
    expect(state.saved.revision).toBe(5);
  });

  it("has nothing to do once an edit was taken back", () => {
    expect(through(begin(draft(4, "a")), edit("b"), edit("a")).phase.kind).toBe("saved");
  });

  it("keeps what is in the editor when a request fails, and tries again", () => {
    const failure = { message: "no", code: "unreachable", requestId: null, isPassing: true };
    const failed = through(
      begin(draft(4, "a")),
      edit("b"),
      { kind: "sending" },
      { kind: "refused", failure },
      edit("bc"),
    );
    expect(failed.phase.kind).toBe("failed");
    expect(textOf(failed)).toBe("bc");
    expect(through(failed, { kind: "sending" }, { kind: "stored", draft: draft(5, "bc") }).phase.kind).toBe("saved");
  });
});

describe("a conflict", () => {
  const mine = through(begin(draft(4, "a")), edit("mine"), { kind: "sending" });
  const conflict = next(mine, { kind: "overtaken", theirs: draft(5, "theirs") });

  it("stops saving, also while somebody types on", () => {
    expect(conflict.phase.kind).toBe("conflict");
    const typed = next(conflict, edit("mine too"));
    expect(typed.phase.kind).toBe("conflict");
    expect(textOf(typed)).toBe("mine too");
  });

  it("ends with mine, saved over their revision", () => {
    const kept = next(conflict, { kind: "kept_mine" });
    expect(kept.phase.kind).toBe("dirty");
    expect(kept.saved.revision).toBe(5);
    expect(textOf(kept)).toBe("mine");
    expect(kept.replaced).toBe(0);
  });

  it("ends with theirs, which the editor then shows", () => {
    const taken = next(conflict, { kind: "took_theirs" });
    expect(taken.phase.kind).toBe("saved");
    expect(textOf(taken)).toBe("theirs");
    expect(taken.replaced).toBe(1);
  });

  it("is none if both changed the same", () => {
    expect(next(mine, { kind: "overtaken", theirs: draft(5, "mine") }).phase.kind).toBe("saved");
  });

  it("with a draft that was deleted keeps mine", () => {
    const deleted = next(mine, { kind: "overtaken", theirs: null });
    expect(deleted.phase).toEqual({ kind: "conflict", theirs: null });
    expect(next(deleted, { kind: "took_theirs" })).toBe(deleted);
  });
});

describe("a draft that is read again", () => {
  it("is shown if nothing was edited here", () => {
    const state = next(begin(draft(4, "a")), { kind: "seen", draft: draft(6, "b") });
    expect([textOf(state), state.phase.kind, state.replaced]).toEqual(["b", "saved", 1]);
  });

  it("is a conflict if something was", () => {
    const state = through(begin(draft(4, "a")), edit("mine"), { kind: "seen", draft: draft(6, "b") });
    expect(state.phase.kind).toBe("conflict");
  });

  it("is passed over if it is older than what was stored since, or a request is under way", () => {
    const stored = through(
      begin(draft(4, "a")),
      edit("b"),
      { kind: "sending" },
      { kind: "stored", draft: draft(5, "b") },
    );
    expect(next(stored, { kind: "seen", draft: draft(4, "a") })).toBe(stored);
    const saving = through(begin(draft(4, "a")), edit("b"), { kind: "sending" });
    expect(next(saving, { kind: "seen", draft: draft(5, "b") })).toBe(saving);
  });
});

describe("a version that was made of the draft", () => {
  it("is its base from then on, whatever was typed meanwhile", () => {
    const typed = through(begin(draft(4, "a")), edit("b"));
    const rebased = next(typed, { kind: "seen", draft: { ...draft(4, "a"), base: { number: 7, digest: "sha256:7" } } });
    expect([rebased.saved.base?.number, textOf(rebased), rebased.phase.kind]).toEqual([7, "b", "dirty"]);
  });
});

describe("edits that were not sent when the page went away", () => {
  it("are there again, and are sent", () => {
    const state = begin(draft(4, "a"), { revision: 4, content: content("b") });
    expect([textOf(state), state.phase.kind]).toEqual(["b", "dirty"]);
  });

  it("are a conflict if the draft went on", () => {
    expect(begin(draft(5, "c"), { revision: 4, content: content("b") }).phase.kind).toBe("conflict");
  });

  it("are nothing if they were saved after all", () => {
    expect(begin(draft(5, "b"), { revision: 4, content: content("b") }).phase.kind).toBe("saved");
  });
});
