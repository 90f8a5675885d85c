// API & Hooks: every endpoint of the auth API, with the lifecycle hooks and events that run there, enabled or disabled.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type EndpointWithHooks, endpointsOf } from "../../api/queries/endpoints.ts";
import { type Filter, FilterBar } from "../../parts/filter_bar.tsx";
import { plural } from "../../parts/format.ts";
import { ButtonLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, NoMatch, Skeleton } from "../../parts/states.tsx";
import styles from "./auth.module.css";
import { EndpointRows } from "./parts/endpoint_rows.tsx";
import { grouped, hasHooks, matching } from "./parts/grouping.ts";

const route = getRouteApi("/frame/p/$project/$environment/auth");

export function Auth() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const { q, show } = route.useSearch();
  const query = useQuery(endpointsOf(place));
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch }) as typeof now, replace: true });
  return (
    <Page
      title="API & Hooks"
      lead="The endpoints of the auth API, and what runs at each of them in this environment: lifecycle hooks inside of the request, events after it."
      actions={
        <ButtonLink to="/p/$project/$environment/hooks" params={place}>
          All hooks
        </ButtonLink>
      }
    >
      <FilterBar filters={FILTERS} value={{ q, show }} onChange={change}>
        {query.data && said(query.data)}
      </FilterBar>
      <Answer query={query} what="the endpoints" skeleton={<Skeleton rows={12} />}>
        {(endpoints) => {
          const shown = matching(endpoints, q, show);
          if (shown.length === 0) {
            return <NoMatch what="endpoints" onClear={() => change({ q: undefined, show: undefined })} />;
          }
          return <Groups of={shown} />;
        }}
      </Answer>
    </Page>
  );
}

function Groups({ of }: { of: readonly EndpointWithHooks[] }) {
  return (
    <div className={styles.groups}>
      {grouped(of).map((group) => (
        <section key={group.title} aria-label={group.title} className={styles.group}>
          <h2>{group.title}</h2>
          <EndpointRows label={group.title} of={group.endpoints} />
        </section>
      ))}
    </div>
  );
}

function said(endpoints: readonly EndpointWithHooks[]): string {
  return `${plural(endpoints.length, "endpoint")}, ${endpoints.filter(hasHooks).length} with hooks`;
}

const FILTERS: Filter[] = [
  { name: "q", label: "Endpoint, hook point, event or hook", kind: "text", isMain: true },
  {
    name: "show",
    label: "Endpoint",
    kind: "choice",
    isMain: true,
    options: [
      { value: "hooks", title: "With hooks" },
      { value: "failing", title: "Failing" },
    ],
  },
];
