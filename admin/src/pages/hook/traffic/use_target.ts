// Which version is tried: the draft, if there is one, else what is live, else the newest; or what the address says.
import type { Target } from "../../../api/queries/hook_tests.ts";
import { useHookPage } from "../draft/draft_context.tsx";
import { trafficRoute } from "../parts/hook_route.ts";

export function useTarget(): { target: Target; choose: (target: Target) => void } {
  const { session, live, summary } = useHookPage();
  const { target: named } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const usual: Target = session ? "draft" : live ? "live" : (summary.newest ?? "live");
  const target = readTarget(named, session !== null) ?? usual;
  return {
    target,
    choose: (next) =>
      void navigate({
        search: (now) => ({ ...now, target: next === usual ? undefined : String(next), backtest: undefined }),
        replace: true,
      }),
  };
}

function readTarget(named: string | undefined, hasDraft: boolean): Target | null {
  if (named === "live" || (named === "draft" && hasDraft)) return named;
  return named !== undefined && /^[1-9]\d*$/.test(named) ? Number(named) : null;
}

/** The words for what is tried. */
export function targetWords(target: Target, live: number | undefined): string {
  if (target === "draft") return "the draft";
  return target === "live" ? `version ${live ?? "?"}, live` : `version ${target}`;
}
