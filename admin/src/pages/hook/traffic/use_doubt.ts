// Why a version should not decide anything yet: what its last backtest found.
import { useQuery } from "@tanstack/react-query";
import type { Backtest } from "../../../../../docs/openapi.d.ts";
import { backtestsOf } from "../../../api/queries/backtests.ts";
import type { Target } from "../../../api/queries/hook_tests.ts";
import { plural } from "../../../parts/format.ts";
import { useHookPage } from "../draft/draft_context.tsx";

/** `null` if nothing speaks against it, or nobody has looked. */
export function useDoubt(target: Target): string | null {
  const { place, id } = useHookPage();
  const list = useQuery(backtestsOf(place));
  const number = target === "draft" ? 0 : target;
  const last = list.data?.backtests.find((one) => one.hook === id.hook && one.target.version === number);
  return last ? doubtOf(last) : null;
}

export function doubtOf(backtest: Pick<Backtest, "figures">): string | null {
  const { newFailures } = backtest.figures;
  return newFailures > 0 ? `Its last backtest has ${plural(newFailures, "new failure")}` : null;
}
