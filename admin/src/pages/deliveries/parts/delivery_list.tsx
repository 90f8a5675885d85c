// A list of deliveries: of one endpoint or of all, filtered by the address, with the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type DeliveryFilter, type DeliveryState, deliveries } from "../../../api/queries/deliveries.ts";
import { eventTypes } from "../../../api/queries/event_types.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { type Filter, FilterBar } from "../../../parts/filter_bar.tsx";
import { useKeyset } from "../../../parts/keyset.ts";
import { usePlace } from "../../../parts/place.ts";
import { SidePanel } from "../../../parts/side_panel.tsx";
import { Answer, NoMatch } from "../../../parts/states.tsx";
import { Pager, Table } from "../../../parts/table.tsx";
import { DELIVERY_COLUMNS } from "./delivery_columns.tsx";
import { DELIVERY_STATES } from "./delivery_states.ts";
import { DeliveryView } from "./delivery_view.tsx";

export type DeliverySearch = {
  state?: string;
  event?: string;
  type?: string;
  webhook?: string;
  from?: string;
  to?: string;
  before?: string;
  delivery?: string;
};

type Props = {
  search: DeliverySearch;
  /** Changes the address. */
  go: (change: { [K in keyof DeliverySearch]?: string | true | undefined }, replace: boolean) => void;
  /** Of this endpoint only. */
  webhook?: string;
  /** The endpoints to choose from, where it is of all. */
  endpoints?: readonly WebhookEndpoint[];
  empty: ReactNode;
};

const NAMES = ["state", "event", "type", "webhook", "from", "to"] as const;

export function DeliveryList({ search, go, webhook, endpoints, empty }: Props) {
  const place = usePlace();
  const { before, delivery } = search;
  const filter = { ...filterOf(search), ...(webhook ? { webhook } : {}) };
  const query = useQuery(deliveries(place, filter, before));
  const pages = useKeyset(before, query.data?.next, JSON.stringify(filter), (cursor) => go({ before: cursor }, false));
  const isFiltered = NAMES.some((name) => search[name] !== undefined);
  const open = query.data?.deliveries.find((one) => one.id === delivery);
  const of = webhook ?? open?.webhook;
  return (
    <>
      <FilterBar
        filters={useFilters(endpoints)}
        value={search}
        onChange={(patch) => go({ ...patch, before: undefined }, true)}
      />
      <Answer
        query={query}
        what="the deliveries"
        isEmpty={(page) => page.deliveries.length === 0}
        empty={
          isFiltered ? (
            <NoMatch
              what="deliveries"
              onClear={() =>
                go({ ...Object.fromEntries(NAMES.map((name) => [name, undefined])), before: undefined }, true)
              }
            />
          ) : (
            empty
          )
        }
      >
        {(page) => (
          <>
            <Table
              label="Deliveries"
              rows={page.deliveries}
              rowKey={(one) => one.id}
              columns={DELIVERY_COLUMNS.filter((column) => !webhook || column.key !== "endpoint")}
              currentKey={delivery}
              open={(one) => ({ to: ".", search: (now: object) => ({ ...now, delivery: one.id }) })}
            />
            <Pager {...pages} shown={page.deliveries.length} />
          </>
        )}
      </Answer>
      {delivery && of && (
        <SidePanel
          title="Delivery"
          onClose={() => go({ delivery: undefined }, false)}
          open={linkOptions({
            to: "/p/$project/$environment/webhooks/$webhook/deliveries/$delivery",
            params: { ...place, webhook: of, delivery },
          })}
        >
          <DeliveryView webhook={of} id={delivery} />
        </SidePanel>
      )}
    </>
  );
}

function filterOf(search: DeliverySearch): DeliveryFilter {
  const { state, ...others } = search;
  const given = NAMES.filter((name) => name !== "state" && search[name] !== undefined);
  return {
    ...(state ? { state: state as DeliveryState } : {}),
    ...Object.fromEntries(given.map((name) => [name, others[name as keyof typeof others]])),
  };
}

function useFilters(endpoints: readonly WebhookEndpoint[] | undefined): Filter[] {
  const types = useQuery(eventTypes(usePlace())).data ?? [];
  const ofAll: Filter[] = endpoints
    ? [
        {
          name: "webhook",
          label: "Endpoint",
          kind: "choice",
          isMain: true,
          options: endpoints.map((one) => ({ value: one.id, title: one.url })),
        },
      ]
    : [];
  return [
    { name: "state", label: "State", kind: "choice", options: DELIVERY_STATES, isMain: true },
    ...ofAll,
    {
      name: "type",
      label: "Event type",
      kind: "choice",
      options: types.map(({ name, description }) => ({ value: name, title: name, hint: description })),
    },
    { name: "event", label: "Event id", kind: "text", placeholder: "evt_…" },
    { name: "from", label: "Created from", kind: "moment" },
    { name: "to", label: "Created before", kind: "moment" },
  ];
}
