// The deliveries of all webhook endpoints of an environment, newest first, with the chosen one in a panel.
import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { type Delivery, type DeliveryState, deliveriesOf } from "../../api/queries/deliveries.ts";
import { type WebhookEndpoint, webhooks } from "../../api/queries/webhooks.ts";
import { type Filter, FilterBar } from "../../parts/filter_bar.tsx";
import { ButtonLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch, Problem, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import styles from "./parts/delivery.module.css";
import { DELIVERY_COLUMNS } from "./parts/delivery_columns.tsx";
import { DELIVERY_STATES } from "./parts/delivery_states.ts";
import { DeliveryView } from "./parts/delivery_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/deliveries");

export function Deliveries() {
  const place = usePlace();
  const query = useQuery(webhooks(place));
  return (
    <Page title="Deliveries" lead="What is sent to the webhook endpoints of this environment, over all of them.">
      <Answer
        query={query}
        what="the webhook endpoints"
        isEmpty={(list) => list.length === 0}
        empty={
          <Empty
            sentence="No URL receives the events of this environment, so nothing is delivered."
            action={
              <ButtonLink to="/p/$project/$environment/webhooks" params={place}>
                Webhooks
              </ButtonLink>
            }
          />
        }
      >
        {(list) => <OfAll endpoints={list} />}
      </Answer>
    </Page>
  );
}

type Row = Delivery & { endpoint: WebhookEndpoint };

function OfAll({ endpoints }: { endpoints: WebhookEndpoint[] }) {
  const place = usePlace();
  const navigate = route.useNavigate();
  const { state, event, webhook, delivery } = route.useSearch();
  const chosen = endpoints.filter((one) => !webhook || one.id === webhook);
  const filter = { ...(state ? { state: state as DeliveryState } : {}), ...(event ? { event } : {}) };
  const queries = useQueries({ queries: chosen.map((one) => deliveriesOf(place, one.id, filter)) });
  const rows = queries
    .flatMap((query, at): Row[] => {
      const endpoint = chosen[at];
      return endpoint ? (query.data?.deliveries ?? []).map((one) => ({ ...one, endpoint })) : [];
    })
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch }) as typeof now, replace: true });
  const open = rows.find((one) => one.id === delivery);
  const error = queries.find((query) => query.error && !query.data)?.error ?? null;
  return (
    <>
      <FilterBar filters={filters(endpoints)} value={{ state, event, webhook }} onChange={change} />
      <Problem error={error} what="the deliveries" />
      {queries.some((query) => query.isPending) ? (
        <Skeleton />
      ) : rows.length === 0 && !error ? (
        <None
          isFiltered={Boolean(state || event || webhook)}
          onClear={() => change({ state: undefined, event: undefined, webhook: undefined })}
        />
      ) : (
        <Table
          label="Deliveries"
          rows={rows}
          rowKey={(one) => one.id}
          columns={COLUMNS}
          currentKey={delivery}
          open={(one) => ({ to: ".", search: (now: object) => ({ ...now, delivery: one.id }) })}
        />
      )}
      {open && (
        <SidePanel
          title="Delivery"
          onClose={() => void navigate({ search: (now) => ({ ...now, delivery: undefined }) as typeof now })}
          open={linkOptions({
            to: "/p/$project/$environment/webhooks/$webhook/deliveries/$delivery",
            params: { ...place, webhook: open.endpoint.id, delivery: open.id },
          })}
        >
          <DeliveryView webhook={open.endpoint.id} id={open.id} />
        </SidePanel>
      )}
    </>
  );
}

function None({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) return <NoMatch what="deliveries" onClear={onClear} />;
  return <Empty sentence="Nothing has been delivered yet. The first event that an endpoint selects is." />;
}

const COLUMNS: Column<Row>[] = [
  ...DELIVERY_COLUMNS.slice(0, 1),
  {
    key: "endpoint",
    title: "Endpoint",
    phone: "second",
    cell: (one) => (
      <span className={styles.code} title={one.endpoint.url}>
        {one.endpoint.url}
      </span>
    ),
  },
  ...DELIVERY_COLUMNS.slice(1).filter((column) => column.key !== "id"),
];

const filters = (endpoints: readonly WebhookEndpoint[]): Filter[] => [
  { name: "state", label: "State", kind: "choice", options: DELIVERY_STATES, isMain: true },
  {
    name: "webhook",
    label: "Endpoint",
    kind: "choice",
    isMain: true,
    options: endpoints.map((one) => ({ value: one.id, title: one.url })),
  },
  { name: "event", label: "Event id", kind: "text", placeholder: "evt_…" },
];
