import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Followed } from "./followed.ts";
import type { StreamState } from "./stream.ts";

/** A connection of the browser, whose fate a test decides. */
class FakeSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = FakeSource.CONNECTING;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  becomes(state: number): void {
    this.readyState = state;
    if (state === FakeSource.OPEN) this.onopen?.();
    else this.onerror?.();
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

const newest = () => FakeSource.all.at(-1) as FakeSource;

describe("a stream that is followed", () => {
  const states: StreamState[] = [];
  const heard: string[] = [];
  const follow = (url: string) =>
    new Followed(url, { onState: (state) => states.push(state), onEvent: ({ data }) => heard.push(data) });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", FakeSource);
    FakeSource.all = [];
    states.length = 0;
    heard.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("connects again where it was refused, later each time, and soon again once it was open", () => {
    follow("/stream");
    for (const [pause, connections] of [
      [2_000, 2],
      [4_000, 3],
    ] as const) {
      newest().becomes(FakeSource.CLOSED);
      vi.advanceTimersByTime(pause - 1);
      expect(FakeSource.all.length).toBe(connections - 1);
      vi.advanceTimersByTime(1);
      expect(FakeSource.all.length).toBe(connections);
    }
    newest().becomes(FakeSource.OPEN);
    newest().becomes(FakeSource.CLOSED);
    vi.advanceTimersByTime(2_000);
    expect(FakeSource.all.length).toBe(4);
    expect(states).toEqual(["refused", "refused", "open", "refused"]);
  });

  it("leaves to the browser what the browser does by itself", () => {
    follow("/stream");
    newest().becomes(FakeSource.CONNECTING);
    vi.advanceTimersByTime(120_000);
    expect(FakeSource.all.length).toBe(1);
    expect(states).toEqual(["connecting"]);
  });

  it("goes on behind the last event, and hears what was asked for before", () => {
    const followed = follow("/stream?hook=a");
    followed.hear("invocation");
    newest().dispatchEvent(new MessageEvent("invocation", { data: "one", lastEventId: "inv_1" }));
    newest().becomes(FakeSource.CLOSED);
    vi.advanceTimersByTime(2_000);
    expect(newest().url).toBe("/stream?hook=a&after=inv_1");
    newest().dispatchEvent(new MessageEvent("invocation", { data: "two", lastEventId: "inv_2" }));
    expect(heard).toEqual(["one", "two"]);
  });

  it("ends with whoever wanted it, also while it waits", () => {
    const followed = follow("/stream");
    newest().becomes(FakeSource.CLOSED);
    followed.close();
    vi.advanceTimersByTime(120_000);
    expect(FakeSource.all.length).toBe(1);
  });
});
