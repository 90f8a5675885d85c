// The invocations of one hook: the newest first, by outcome, with the chosen one in a panel.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { invocations } from "../../../api/queries/invocations.ts";
import type { Filter } from "../../../parts/filter_bar.tsx";
import { ButtonLink } from "../../../parts/link.tsx";
import { List } from "../../../parts/list.tsx";
import { Empty } from "../../../parts/states.tsx";
import { outcomes } from "../../../words/outcomes.ts";
import { COLUMNS } from "../../invocations/parts/columns.tsx";
import { invocationPanel } from "../../invocations/parts/invocation_panel.tsx";
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
  const search = callsRoute.useSearch();
  const { outcome, before } = search;
  const filter = { hook: id.hook, ...(outcome ? { outcome } : {}) };
  const query = useQuery({ ...invocations(place, filter, before), placeholderData: keepPreviousData });
  return (
    <div className={styles.calls}>
      <List
        what="invocations"
        label={`Invocations of ${id.hook}`}
        query={query}
        rowsOf={(page) => page.invocations}
        columns={COLUMNS.filter((column) => column.key !== "hook")}
        filters={FILTERS}
        search={search}
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
        empty={<None />}
        panel={invocationPanel(place)}
      />
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
