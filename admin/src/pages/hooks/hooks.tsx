// The hooks of a project as they are in an environment: live version, draft, what each runs at, enabled or disabled.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { hooksOf, liveHooks } from "../../api/queries/hooks.ts";
import { Button } from "../../parts/button.tsx";
import { type Filter, FilterBar } from "../../parts/filter_bar.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Empty, NoMatch } from "../../parts/states.tsx";
import { Table } from "../../parts/table.tsx";
import { CreateHook } from "./parts/create_hook.tsx";
import { columnsFor } from "./parts/hook_columns.tsx";
import { HooksTabs } from "./parts/hooks_tabs.tsx";
import { matching, rowsOf, type Show } from "./parts/rows.ts";

const route = getRouteApi("/frame/p/$project/$environment/hooks");

export function Hooks() {
  const place = usePlace();
  const rights = useRights();
  const navigate = route.useNavigate();
  const { q, show, template } = route.useSearch();
  const [isOpen, setOpen] = useState(template !== undefined);
  const query = useQuery(hooksOf(place.project));
  const live = useQuery(liveHooks(place));
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch }) as typeof now, replace: true });
  const create = (
    <Button kind="primary" icon="plus" whyNot={rights.why("hooks:deploy")} onPress={() => setOpen(true)}>
      Create a hook
    </Button>
  );
  return (
    <Page
      title="Hooks"
      lead="Lifecycle hooks run inside of a request and can deny or change it; script hooks handle events, queues and schedules after it."
      actions={create}
      tabs={<HooksTabs />}
    >
      <FilterBar filters={FILTERS} value={{ q, show }} onChange={change} />
      <Answer
        query={query}
        what="the hooks"
        isEmpty={(list) => list.hooks.length === 0}
        empty={<Empty sentence="This project has no hook: its flows run as they come." action={create} />}
      >
        {(list) => {
          const rows = matching(rowsOf(list.hooks, live.data?.hooks ?? [], place.environment), q, show as Show);
          if (rows.length === 0) {
            return <NoMatch what="hooks" onClear={() => change({ q: undefined, show: undefined })} />;
          }
          return (
            <Table
              label="Hooks"
              rows={rows}
              rowKey={(one) => one.name}
              columns={columnsFor(rows)}
              open={(one) => ({
                to: "/p/$project/$environment/hooks/$hook/code",
                params: { ...place, hook: one.name },
              })}
            />
          );
        }}
      </Answer>
      <CreateHook template={template} isOpen={isOpen} onClose={() => setOpen(false)} />
    </Page>
  );
}

const FILTERS: Filter[] = [
  { name: "q", label: "Hook, hook point or event", kind: "text", isMain: true },
  {
    name: "show",
    label: "Hook",
    kind: "choice",
    isMain: true,
    options: [
      { value: "live", title: "Live here" },
      { value: "disabled", title: "Disabled" },
      { value: "draft", title: "With a draft" },
      { value: "none", title: "Not live here" },
    ],
  },
];
