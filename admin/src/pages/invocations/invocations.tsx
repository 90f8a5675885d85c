// Invocations of an environment: newest first, filtered by the address, as they happen, and the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { hooksOf } from "../../api/queries/hooks.ts";
import { type InvocationFilter, invocations } from "../../api/queries/invocations.ts";
import { apiKeys } from "../../api/queries/keys.ts";
import { CodeBlock } from "../../parts/code.tsx";
import { type Filter, FilterBar } from "../../parts/filter_bar.tsx";
import { useKeyset } from "../../parts/keyset.ts";
import { ButtonLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch } from "../../parts/states.tsx";
import { Pager, Table } from "../../parts/table.tsx";
import { outcomes } from "../../words/outcomes.ts";
import { withNewer } from "../events/parts/tail.ts";
import { COLUMNS } from "./parts/columns.tsx";
import { InvocationView } from "./parts/invocation_view.tsx";
import { LiveButton } from "./parts/live_button.tsx";
import { useInvocationTail } from "./parts/use_invocation_tail.ts";

const route = getRouteApi("/frame/p/$project/$environment/calls");

export function Invocations() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { before, live, call } = search;
  const filter = useMemo(() => filterOf(search), [search]);
  const query = useQuery(invocations(place, filter, before));
  const isLive = live === true && !before;
  const tail = useInvocationTail(place, filter, isLive, query.data?.invocations[0]?.id ?? null);
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch, before: undefined }) as typeof now, replace: true });
  const pages = useKeyset(
    before,
    query.data?.next,
    JSON.stringify(filter),
    (cursor) => void navigate({ search: (now) => ({ ...now, before: cursor }) as typeof now }),
  );
  const clear = () => change(Object.fromEntries(NAMES.map((name) => [name, undefined])));
  return (
    <Page
      title="Invocations"
      lead="Every run of a hook, with what went in and out. The newest are first."
      actions={<LiveButton isOn={isLive} state={tail.state} onChange={(on) => change({ live: on || undefined })} />}
    >
      <FilterBar filters={useFilters()} value={search} onChange={change} />
      <Answer
        query={query}
        what="the invocations"
        isEmpty={(page) => page.invocations.length + tail.rows.length === 0}
        empty={Object.keys(filter).length > 0 ? <NoMatch what="invocations" onClear={clear} /> : <None />}
      >
        {(page) => (
          <>
            <Table
              label="Invocations"
              rows={isLive ? withNewer(page.invocations, tail.rows) : page.invocations}
              rowKey={(one) => one.id}
              columns={COLUMNS}
              currentKey={call}
              open={(one) => ({ to: ".", search: (now: object) => ({ ...now, call: one.id }) })}
            />
            {!isLive && <Pager {...pages} shown={page.invocations.length} />}
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
    </Page>
  );
}

const NAMES = ["hook", "outcome", "request"] as const;
type Search = { hook?: string; outcome?: string; request?: string };

/** The address as the server reads it. */
function filterOf({ hook, outcome, request }: Search): InvocationFilter {
  return { ...(hook ? { hook } : {}), ...(outcome ? { outcome } : {}), ...(request ? { requestId: request } : {}) };
}

function useFilters(): Filter[] {
  const { project } = usePlace();
  const hooks = useQuery(hooksOf(project)).data?.hooks;
  return useMemo(
    () => [
      {
        name: "hook",
        label: "Hook",
        kind: "choice",
        isMain: true,
        options: (hooks ?? []).map(({ name }) => ({ value: name, title: name })),
      },
      {
        name: "outcome",
        label: "Outcome",
        kind: "choice",
        isMain: true,
        options: Object.entries(outcomes).map(([value, look]) => ({ value, title: look.word })),
      },
      { name: "request", label: "Request id", kind: "text", placeholder: "req_…" },
    ],
    [hooks],
  );
}

/** Nothing ran yet: how to make something run, with the key that is really there. */
function None() {
  const place = usePlace();
  const key = useQuery(apiKeys(place)).data?.find((one) => one.kind === "publishable")?.key ?? "pk_…";
  const command = `curl -X POST ${location.origin}/auth/register \\
  -H 'X-Aerocall-Key: ${key}' -H 'Content-Type: application/json' \\
  -d '{"email":"ada@example.com","password":"correct horse battery staple"}'`;
  return (
    <Empty
      sentence="No hook has run yet. Deploy one for sign-ups, then send one:"
      action={
        <ButtonLink kind="primary" to="/p/$project/$environment/auth" params={place}>
          Endpoints and hooks
        </ButtonLink>
      }
    >
      <CodeBlock code={command} label="A sign-up" />
    </Empty>
  );
}
