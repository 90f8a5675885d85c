// One endpoint of the auth API: the hooks in the order in which they run, its events and who receives them, and what ran.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type EndpointWithHooks, endpointsOf } from "../../api/queries/endpoints.ts";
import { DocsLink, Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { RouteTabs } from "../../parts/tabs.tsx";
import { operationOf, referenceOf } from "../auth/parts/grouping.ts";
import { EndpointCalls } from "./parts/endpoint_calls.tsx";
import { Overview } from "./parts/overview.tsx";
import { TryTab } from "./parts/try_tab.tsx";

const route = getRouteApi("/frame/p/$project/$environment/auth/$operation");

export function Endpoint() {
  const place = usePlace();
  const { operation } = route.useParams();
  const query = useQuery({
    ...endpointsOf(place),
    select: (list) => list.find((one) => operationOf(one) === operation) ?? null,
  });
  return (
    <Answer
      query={query}
      what="the endpoint"
      skeleton={<Skeleton kind="text" rows={10} />}
      isEmpty={(found) => found === null}
      empty={<Unknown operation={operation} />}
    >
      {(found) => found && <Whole of={found} />}
    </Answer>
  );
}

function Whole({ of }: { of: EndpointWithHooks }) {
  const place = usePlace();
  const { tab } = route.useSearch();
  const to = "/p/$project/$environment/auth/$operation";
  const params = { ...place, operation: operationOf(of) };
  return (
    <Page
      title={of.summary}
      lead={
        <>
          <code>
            {of.method} {of.path}
          </code>{" "}
          <DocsLink path={referenceOf(of, place)}>API reference</DocsLink>
        </>
      }
      back={
        <Link to="/p/$project/$environment/auth" params={place}>
          API & Hooks
        </Link>
      }
      tabs={
        <RouteTabs
          label="Endpoint"
          tabs={[
            { title: "Overview", to, params, search: {}, isCurrent: tab === undefined || tab === "overview" },
            { title: "Test", to, params, search: { tab: "test" }, isCurrent: tab === "test" },
            { title: "Invocations", to, params, search: { tab: "calls" }, isCurrent: tab === "calls" },
          ]}
        />
      }
    >
      {tab === "calls" ? <EndpointCalls of={of} /> : tab === "test" ? <TryTab of={of} /> : <Overview of={of} />}
    </Page>
  );
}

function Unknown({ operation }: { operation: string }) {
  return (
    <Page title={operation} isCode>
      <Empty
        sentence="The auth API has no such endpoint."
        action={
          <Link to="/p/$project/$environment/auth" params={usePlace()}>
            All endpoints
          </Link>
        }
      />
    </Page>
  );
}
