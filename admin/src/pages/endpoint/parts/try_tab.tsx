// One request from end to end with the hooks of this environment, as a dry-run on copies or as a live test, and what came of it
// beside the form: the Test tab of an endpoint, and the first way to try a version of a hook.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { hooksOf } from "../../../api/queries/hooks.ts";
import { type TryRequest, tryRequest } from "../../../api/queries/tries.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useShortcut } from "../../../parts/shortcuts.ts";
import { Empty, Problem, Skeleton } from "../../../parts/states.tsx";
import { TryForm } from "./try_form.tsx";
import { problemsOf, requestOf, type TriedHook, type Typed, type Use } from "./try_request.ts";
import { TryResult } from "./try_result.tsx";
import styles from "./try_tab.module.css";
import { UnitTests } from "./unit_tests.tsx";

export function TryTab({ of }: { of: EndpointWithHooks }) {
  return <TryRequestOf of={of} below={<UnitTests of={of} />} />;
}

type Props = {
  of: EndpointWithHooks;
  /** Versions that run instead of those that are live, until somebody chooses others. */
  use?: Use;
  below?: ReactNode;
};

export function TryRequestOf({ of, use = {}, below }: Props) {
  const place = usePlace();
  const environment = useEnvironment();
  const [typed, setTyped] = useState<Typed>(() => beginning(of, use));
  const [isAsking, setAsking] = useState(false);
  const run = useMutation({ mutationFn: (request: TryRequest) => tryRequest(place, request) });
  const hooks = useHooksOf(of);
  const problems = problemsOf(typed);
  const isReady = Object.keys(problems).length === 0;
  const start = () => run.mutateAsync(requestOf(of.method as TryRequest["method"], typed)).catch(() => undefined);
  const submit = () => {
    if (!isReady || run.isPending) return;
    if (typed.mode === "live") setAsking(true);
    else void start();
  };
  useShortcut("mod+Enter", "Run the test", submit);
  return (
    <div className={styles.tab}>
      <div className={styles.form}>
        <TryForm
          method={of.method}
          typed={typed}
          problems={problems}
          hooks={hooks}
          isRunning={run.isPending}
          onChange={(part) => setTyped((now) => ({ ...now, ...part }))}
          onRun={submit}
        />
        {below}
      </div>
      <div className={styles.result} aria-live="polite">
        <Problem error={run.error} />
        {run.isPending ? (
          <Skeleton kind="text" rows={8} />
        ) : run.data ? (
          <TryResult of={run.data} />
        ) : (
          !run.error && (
            <Empty sentence="Run the request to see its response, which hooks ran, what they logged, and what it would change." />
          )
        )}
      </div>
      <ConfirmDialog
        title="Run it for real?"
        consequence={`The request runs in ${environment.name} and does what it does for everybody: rows, mails, jobs and events are real. A user that it makes is marked as one of a test; a request about any other user is refused.`}
        action={`Run in ${environment.name}`}
        kind="primary"
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={start}
      />
    </div>
  );
}

function beginning(of: EndpointWithHooks, use: Use): Typed {
  return {
    mode: "dry-run",
    path: of.path,
    headers: "",
    body: of.example ? JSON.stringify(of.example, null, 2) : "",
    use,
    http: "",
  };
}

/** The hooks that run inside of the request: those on events run later. */
function useHooksOf(of: EndpointWithHooks): TriedHook[] {
  const { project } = usePlace();
  const all = useQuery(hooksOf(project)).data?.hooks ?? [];
  const live = new Map(of.hooks.flatMap((point) => point.hooks.map((hook) => [hook.name, hook.version] as const)));
  return [...live].map(([name, version]) => ({
    name,
    live: version,
    hasDraft: all.find((one) => one.name === name)?.draft != null,
  }));
}
