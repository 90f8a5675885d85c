// The invocations of one hook: the newest first, by outcome, with the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { invocations } from "../../../api/queries/invocations.ts";
import { type Filter, FilterBar } from "../../../parts/filter_bar.tsx";
import { useKeyset } from "../../../parts/keyset.ts";
import { ButtonLink } from "../../../parts/link.tsx";
import { SidePanel } from "../../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch } from "../../../parts/states.tsx";
import { Pager, Table } from "../../../parts/table.tsx";
import { outcomes } from "../../../words/outcomes.ts";
import { COLUMNS } from "../../invocations/parts/columns.tsx";
import { InvocationView } from "../../invocations/parts/invocation_view.tsx";
import { useHookPage } from "../draft/draft_context.tsx";
import { callsRoute } from "../parts/hook_route.ts";
import styles from "./calls.module.css";

const FILTERS: Filter[] = [
  {
    name: "outcome",
    label: "Outcome",
    kind: "choice",
    isMain: true,
    options: Object.entries(outcomes).map(([value, look]) => ({ value, title: look.word })),
  },
];

export function Calls() {
  const { place, id } = useHookPage();
  const navigate = callsRoute.useNavigate();
  const { outcome, before, call } = callsRoute.useSearch();
  const query = useQuery(invocations(place, { hook: id.hook, ...(outcome ? { outcome } : {}) }, before));
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch, before: undefined }) as typeof now, replace: true });
  const pages = useKeyset(
    before,
    query.data?.next,
    `${id.hook} ${outcome ?? ""}`,
    (cursor) => void navigate({ search: (now) => ({ ...now, before: cursor }) as typeof now }),
  );
  return (
    <div className={styles.calls}>
      <FilterBar filters={FILTERS} value={{ outcome }} onChange={change} />
      <Answer
        query={query}
        what="the invocations"
        isEmpty={(page) => page.invocations.length === 0}
        empty={outcome ? <NoMatch what="invocations" onClear={() => change({ outcome: undefined })} /> : <None />}
      >
        {(page) => (
          <>
            <Table
              label={`Invocations of ${id.hook}`}
              rows={page.invocations}
              rowKey={(one) => one.id}
              columns={COLUMNS.filter((column) => column.key !== "hook")}
              currentKey={call}
              open={(one) => ({ to: ".", search: (now: object) => ({ ...now, call: one.id }) })}
            />
            <Pager {...pages} shown={page.invocations.length} />
          </>
        )}
      </Answer>
      {call && (
        <SidePanel
          title="Invocation"
          onClose={() => void navigate({ search: (now) => ({ ...now, call: undefined }) as typeof now })}
          open={linkOptions({
            to: "/p/$project/$environment/calls/$invocation",
            params: { ...place, invocation: call },
          })}
        >
          <InvocationView id={call} />
        </SidePanel>
      )}
    </div>
  );
}

function None() {
  const { place, id, live } = useHookPage();
  const params = { ...place, hook: id.hook };
  if (!live) {
    return (
      <Empty
        sentence={`No version is live in ${place.environment}, so the hook has not been called.`}
        action={
          <ButtonLink to="/p/$project/$environment/hooks/$hook/deploy" params={params}>
            Deploy…
          </ButtonLink>
        }
      />
    );
  }
  return (
    <Empty
      sentence={`Not called yet. It runs at ${[...live.hooks, ...live.events].join(", ")}.`}
      action={
        <ButtonLink to="/p/$project/$environment/hooks/$hook/test" params={params}>
          Run a test
        </ButtonLink>
      }
    />
  );
}
