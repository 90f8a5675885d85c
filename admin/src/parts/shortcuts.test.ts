// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { prefer } from "../api/preferences.ts";
import { destinationsIn, ownDestinations } from "../frame/places.ts";
import { keysOf, register } from "./shortcuts.ts";

const leaves: (() => void)[] = [];

function on(keys: string): ReturnType<typeof vi.fn> {
  const run = vi.fn();
  leaves.push(register({ keys, title: keys, group: "Test", run }));
  return run;
}

function press(key: string, more: KeyboardEventInit = {}, target: Element = document.body): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

afterEach(() => {
  for (const leave of leaves.splice(0)) leave();
  document.body.replaceChildren();
  prefer({ hasSingleKeys: true });
});

describe("a shortcut", () => {
  it("runs for its keys alone", () => {
    const run = on("j");
    press("j");
    press("k");
    press("j", { ctrlKey: true });
    expect(run).toHaveBeenCalledOnce();
  });

  it("of two keys runs when they come one after the other", () => {
    const [go, other] = [on("g h"), on("h")];
    press("g");
    press("h");
    expect(go).toHaveBeenCalledOnce();
    expect(other).not.toHaveBeenCalled();
    press("h");
    expect(other).toHaveBeenCalledOnce();
  });

  it("of a single key is no letter that somebody types", () => {
    const [single, chord] = [on("j"), on("mod+k")];
    const input = document.body.appendChild(document.createElement("input"));
    press("j", {}, input);
    press("k", { ctrlKey: true }, input);
    expect(single).not.toHaveBeenCalled();
    expect(chord).toHaveBeenCalledOnce();
  });

  it("of a single key can be turned off", () => {
    const run = on("j");
    prefer({ hasSingleKeys: false });
    press("j");
    expect(run).not.toHaveBeenCalled();
  });

  it("of the newest component wins, until it is gone", () => {
    const first = on("Escape");
    const second = on("Escape");
    press("Escape");
    leaves.pop()?.();
    press("Escape");
    expect([first, second].map((run) => run.mock.calls.length)).toEqual([1, 1]);
  });
});

it("a sign that needs Shift on some keyboards is the sign", () => {
  expect(keysOf(new KeyboardEvent("keydown", { key: "?", shiftKey: true }))).toBe("?");
  expect(keysOf(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, shiftKey: true }))).toBe("mod+Shift+Enter");
  expect(keysOf(new KeyboardEvent("keydown", { key: "Shift", shiftKey: true }))).toBeNull();
});

it("no two pages have the same key after g", () => {
  const here = destinationsIn({ project: "p", environment: "e" }).flatMap((group) => group.destinations);
  const keys = [...here, ...ownDestinations(true)].flatMap((one) => one.key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});
