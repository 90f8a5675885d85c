// The filters of the list of invocations: how the address has them, and how the server reads them.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { hookPoints, hooksOf } from "../../../api/queries/hooks.ts";
import type { InvocationFilter, Mode } from "../../../api/queries/invocations.ts";
import type { Filter } from "../../../parts/filter_bar.tsx";
import { usePlace } from "../../../parts/place.ts";
import { outcomes } from "../../../words/outcomes.ts";

/** As the address has them; `slower` is in milliseconds. */
export type InvocationSearch = {
  hook?: string;
  outcome?: string;
  point?: string;
  version?: number;
  user?: string;
  request?: string;
  mode?: string;
  from?: string;
  to?: string;
  slower?: number;
};

export const FILTER_NAMES = [
  "hook",
  "outcome",
  "point",
  "version",
  "user",
  "request",
  "mode",
  "from",
  "to",
  "slower",
] as const satisfies readonly (keyof InvocationSearch)[];

export function filterOf(search: InvocationSearch): InvocationFilter {
  const { hook, outcome, point, version, user, request, mode, from, to, slower } = search;
  return {
    ...(hook ? { hook } : {}),
    ...(outcome ? { outcome } : {}),
    ...(point ? { point } : {}),
    ...(version ? { version } : {}),
    ...(user ? { user } : {}),
    ...(request ? { requestId: request } : {}),
    ...(mode ? { mode: mode as Mode } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(slower ? { minDurationUs: slower * 1000 } : {}),
  };
}

const OUTCOMES = [
  { value: "failure", title: "any failure" },
  ...Object.entries(outcomes).map(([value, look]) => ({ value, title: look.word })),
];
const MODES = [
  { value: "live", title: "Live" },
  { value: "canary", title: "Canary" },
  { value: "shadow", title: "Shadow" },
];

export function useInvocationFilters(): Filter[] {
  const { project } = usePlace();
  const hooks = useQuery(hooksOf(project)).data?.hooks;
  const points = useQuery(hookPoints).data;
  return useMemo(
    () => [
      { name: "hook", label: "Hook", kind: "choice", isMain: true, options: namesOf(hooks) },
      { name: "outcome", label: "Outcome", kind: "choice", isMain: true, options: OUTCOMES },
      {
        name: "point",
        label: "Called for",
        kind: "choice",
        options: [...(points?.points ?? []), ...(points?.events ?? [])].map(({ name, when }) => ({
          value: name,
          title: name,
          hint: when,
        })),
      },
      { name: "version", label: "Version", kind: "text", placeholder: "12" },
      { name: "user", label: "User", kind: "text", placeholder: "usr_… or an email address" },
      { name: "request", label: "Request or job", kind: "text", placeholder: "req_…" },
      { name: "mode", label: "Mode", kind: "choice", options: MODES },
      { name: "slower", label: "Slower than (ms)", kind: "text", placeholder: "100" },
      { name: "from", label: "From", kind: "moment" },
      { name: "to", label: "Until", kind: "moment" },
    ],
    [hooks, points],
  );
}

const namesOf = (hooks: readonly { name: string }[] | undefined) =>
  (hooks ?? []).map(({ name }) => ({ value: name, title: name }));
