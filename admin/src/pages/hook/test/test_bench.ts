// The tests of one hook in one environment while the tab is open: what is typed, what came of it. It outlives the pages, so that the
// last input and the last result are there when somebody comes back; the input also outlives a reload, in the storage of the tab.
import type { HookCaseRun, HookRun } from "../../../../../docs/openapi.d.ts";
import type { Place } from "../../../api/client.ts";
import type { ApiError } from "../../../api/errors.ts";
import type { RunRequest, Target } from "../../../api/queries/hook_tests.ts";
import type { Given, JsonProblem } from "./test_input.ts";

export type Ran = { request: RunRequest; result: HookRun; label: string; at: number };

export type RunState =
  | { kind: "none" }
  | { kind: "running"; last: Ran | null }
  | { kind: "done"; last: Ran }
  | { kind: "failed"; error: ApiError; last: Ran | null }
  | { kind: "unsaved" }
  | { kind: "no_json"; field: keyof Given; problem: JsonProblem };

export type CasesState =
  | { kind: "none" }
  | { kind: "running" }
  | { kind: "done"; result: HookCaseRun; label: string; at: number }
  | { kind: "failed"; error: ApiError };

export type BenchState = {
  /** `null`: the draft, or what is live if there is none. */
  target: Target | null;
  point: string | null;
  inputs: Readonly<Record<string, Given>>;
  run: RunState;
  cases: CasesState;
};

const benches = new Map<string, TestBench>();

export function benchOf(place: Place, hook: string): TestBench {
  const key = `test:${place.project}/${place.environment}/${hook}`;
  const known = benches.get(key) ?? new TestBench(key);
  benches.set(key, known);
  return known;
}

type Kept = Pick<BenchState, "target" | "point" | "inputs">;

export class TestBench {
  private state: BenchState;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly key: string) {
    this.state = { ...readKept(key), run: { kind: "none" }, cases: { kind: "none" } };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): BenchState => this.state;

  set(change: Partial<BenchState>): void {
    this.state = { ...this.state, ...change };
    if ("inputs" in change || "point" in change || "target" in change) this.keep();
    for (const listener of this.listeners) listener();
  }

  type(point: string, given: Given): void {
    this.set({ point, inputs: { ...this.state.inputs, [point]: given } });
  }

  private keep(): void {
    const { target, point, inputs } = this.state;
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ target, point, inputs } satisfies Kept));
    } catch {
      // Full or turned off: the input is there until the page goes.
    }
  }
}

function readKept(key: string): Kept {
  const none: Kept = { target: null, point: null, inputs: {} };
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return typeof kept === "object" && kept !== null ? { ...none, ...(kept as Partial<Kept>) } : none;
  } catch {
    return none;
  }
}
