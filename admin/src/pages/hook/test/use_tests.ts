// The tests of the hook of this page, for the tab Test and for the panel beside the code.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import type { Manifest } from "../../../../../docs/openapi.d.ts";
import { asApiError } from "../../../api/errors.ts";
import { runCases } from "../../../api/queries/cases.ts";
import { runHook, type Target } from "../../../api/queries/hook_tests.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { versionsOf } from "../../../api/queries/versions.ts";
import { useRights } from "../../../parts/rights.ts";
import { type HookPage, useDraftIfAny, useHookPage } from "../draft/draft_context.tsx";
import { type BenchState, benchOf, type TestBench } from "./test_bench.ts";
import { firstOf, type Given, type Point, pointsOf, requestOf } from "./test_input.ts";

export type Tests = BenchState & {
  bench: TestBench;
  /** What is run. */
  chosen: Target;
  points: readonly Point[];
  /** Whether it is known at which points the hook can be called. */
  isKnown: boolean;
  /** The point that is called, with its input; `null` until the points are known. */
  current: { point: Point; given: Given } | null;
  /** Why nothing can be run. */
  whyNot: string | undefined;
  runOnce: () => Promise<void>;
  runAllCases: () => Promise<void>;
};

/** `target`: what is run instead of what was chosen in the tab. */
export function useTests(target?: Target): Tests {
  const page = useHookPage();
  const bench = useMemo(() => benchOf(page.place, page.id.hook), [page.place, page.id.hook]);
  const state = useSyncExternalStore(bench.subscribe, bench.read);
  const chosen: Target = target ?? state.target ?? (page.session ? "draft" : "live");
  const manifest = useManifest(page, chosen);
  const { data: list } = useQuery(hookPoints);
  const whyNot = useRights().why("hooks:deploy");
  const isKnown = list !== undefined && manifest !== undefined;
  const points = useMemo(() => (list && manifest !== undefined ? pointsOf(manifest, list) : []), [manifest, list]);
  const point = points.find((one) => one.name === state.point) ?? points[0];
  const current = point ? { point, given: state.inputs[point.name] ?? firstOf(point) } : null;
  return {
    ...state,
    bench,
    chosen,
    points,
    isKnown,
    current,
    whyNot,
    runOnce: async () => (whyNot ? undefined : run(page, bench, chosen, current)),
    runAllCases: async () => (whyNot ? undefined : runAll(page, bench, chosen)),
  };
}

/**
 * What the version that is run says about itself; of a draft that does not compile now, what was known last; `null` if nothing is.
 * `undefined` while that is being found out.
 */
function useManifest(page: HookPage, target: Target): Manifest | null | undefined {
  const check = useDraftIfAny(page.session, (snapshot) => snapshot.check);
  const hasVersions = page.summary.versions > 0;
  const { data: versions } = useQuery({ ...versionsOf(page.id), enabled: hasVersions });
  if (target !== "draft") {
    const number = target === "live" ? page.live?.number : target;
    return versions ? (versions.find((one) => one.number === number)?.manifest ?? null) : undefined;
  }
  const last = !check || check.kind === "none" ? null : check.last;
  const known = last?.result.manifest ?? versions?.[0]?.manifest;
  if (known) return known;
  if (page.session?.isReadOnly && (!hasVersions || versions)) return null;
  return !check || check.kind === "none" || check.kind === "running" || (hasVersions && !versions) ? undefined : null;
}

/** What was run, in words. */
export function labelOf(target: Target, revision: number | null, liveNumber: number | undefined): string {
  if (target === "draft") return `draft r${revision ?? "?"}`;
  if (target === "live") return `version ${liveNumber ?? "?"}, live`;
  return `version ${target}`;
}

async function run(page: HookPage, bench: TestBench, target: Target, current: Tests["current"]): Promise<void> {
  if (!current || bench.read().run.kind === "running") return;
  const read = requestOf(target, current.point.name, current.given);
  if ("problem" in read) {
    bench.set({ run: { kind: "no_json", ...read } });
    return;
  }
  const { run: before } = bench.read();
  const last = "last" in before ? before.last : null;
  bench.set({ run: { kind: "running", last } });
  try {
    const revision = target === "draft" ? await page.session?.saveNow() : undefined;
    if (revision === null) {
      bench.set({ run: { kind: "unsaved" } });
      return;
    }
    const result = await runHook(page.place, page.id.hook, read.request);
    const label = labelOf(target, revision ?? null, page.live?.number);
    bench.set({ run: { kind: "done", last: { request: read.request, result, label, at: Date.now() } } });
  } catch (thrown) {
    bench.set({ run: { kind: "failed", error: asApiError(thrown), last } });
  }
}

async function runAll(page: HookPage, bench: TestBench, target: Target): Promise<void> {
  if (bench.read().cases.kind === "running") return;
  bench.set({ cases: { kind: "running" } });
  try {
    const revision = target === "draft" ? await page.session?.saveNow() : undefined;
    const result = await runCases(page.place, page.id.hook, target);
    const label = labelOf(target, revision ?? null, page.live?.number);
    bench.set({ cases: { kind: "done", result, label, at: Date.now() } });
  } catch (thrown) {
    bench.set({ cases: { kind: "failed", error: asApiError(thrown) } });
  }
}
