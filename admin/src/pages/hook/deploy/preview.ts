// What deploying a draft would change, before a version is made of it: as a plan of the server, from what is known already. Pure.
import type {
  DeploymentPlan,
  Difference,
  Draft,
  Gate,
  HookCheck,
  LiveHook,
  PlannedVersion,
} from "../../../../../docs/openapi.d.ts";

export type Planned = Pick<DeploymentPlan, "expect" | "changes" | "capabilities" | "gates">;

type Known = {
  draft: Pick<Draft, "hook" | "base">;
  check: HookCheck | null;
  live: LiveHook | null;
  /** The deployment that is live; 0 if none is. */
  deployment: number;
  line: Pick<PlannedVersion, "state" | "failurePolicy">;
  cases: number;
};

/** The number that a draft has in such a plan: it is no version yet. */
export const NO_NUMBER = 0;

export function previewOf(known: Known): Planned {
  const { draft, check, live, line } = known;
  const manifest = check?.manifest ?? null;
  const points = difference(
    live ? [...live.hooks, ...live.events] : [],
    manifest ? [...manifest.hooks, ...manifest.events] : [],
  );
  const capabilities = difference(live?.capabilities ?? [], manifest?.capabilities ?? []);
  return {
    expect: known.deployment,
    changes: [
      {
        hook: draft.hook,
        change: live ? "changed" : "added",
        before: live ? { ...line, number: live.number, digest: live.digest } : null,
        after: { ...line, number: NO_NUMBER, digest: "" },
        capabilities: manifest ? capabilities : NONE,
        points: manifest ? points : NONE,
      },
    ],
    capabilities: manifest ? capabilities : NONE,
    gates: gatesOf(known, capabilities),
  };
}

const NONE: Difference = { added: [], removed: [] };

function gatesOf({ draft, check, live, cases }: Known, capabilities: Difference): Gate[] {
  const base = draft.base?.number;
  const isBehind = live !== null && base !== undefined && base < live.number;
  const error = check?.diagnostics.find((one) => one.severity === "error");
  return [
    check === null
      ? gate("build", "not_checked", "the draft is being compiled")
      : check.manifest
        ? gate("build", "passed")
        : gate(
            "build",
            "failed",
            error ? `${error.file}:${error.line}: ${error.message}` : "the draft cannot be compiled",
          ),
    isBehind
      ? gate(
          "base",
          "failed",
          `the draft began from version ${base}, and version ${live.number} is live, which it does not have the changes of`,
        )
      : gate("base", "passed"),
    gate("types", check?.types.status === "checked" ? "passed" : "not_checked", check?.types.reason ?? null),
    capabilities.added.length > 0 && check?.manifest
      ? gate("capabilities", "warning", `\`${draft.hook}\` may use ${capabilities.added.join(", ")} from now on`)
      : gate("capabilities", "passed"),
    cases > 0
      ? gate(
          "cases",
          "not_checked",
          `${cases === 1 ? "one test case is" : `${cases} test cases are`} run when you deploy`,
        )
      : gate("cases", "passed", "the hook has no test cases"),
  ];
}

function gate(name: Gate["name"], state: Gate["state"], detail: string | null = null): Gate {
  return { name, state, detail };
}

export function difference(before: readonly string[], after: readonly string[]): Difference {
  return {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
  };
}

/** Gates that refuse the deployment. */
export function failedGates(gates: readonly Gate[]): Gate[] {
  return gates.filter((one) => one.state === "failed");
}

/** Whether a reason and a right can get it through all the same: a version that does not load never is. */
export function canForce(gates: readonly Gate[]): boolean {
  return failedGates(gates).every((one) => one.name !== "build");
}
