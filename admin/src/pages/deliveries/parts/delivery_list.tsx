// A list of deliveries: of one endpoint or of all, filtered by the address, with the chosen one in a panel.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type DeliveryFilter, type DeliveryState, deliveries } from "../../../api/queries/deliveries.ts";
import { eventTypes } from "../../../api/queries/event_types.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import type { Filter } from "../../../parts/filter_bar.tsx";
import { type Go, List } from "../../../parts/list.tsx";
import { usePlace } from "../../../parts/place.ts";
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
  go: Go;
  /** Of this endpoint only. */
  webhook?: string;
  /** The endpoints to choose from, where it is of all. */
  endpoints?: readonly WebhookEndpoint[];
  empty: ReactNode;
};

const NAMES = ["state", "event", "type", "webhook", "from", "to"] as const;

export function DeliveryList({ search, go, webhook, endpoints, empty }: Props) {
  const place = usePlace();
  const filter = { ...filterOf(search), ...(webhook ? { webhook } : {}) };
  const query = useQuery({ ...deliveries(place, filter, search.before), placeholderData: keepPreviousData });
  return (
    <List
      what="deliveries"
      query={query}
      rowsOf={(page) => page.deliveries}
      columns={DELIVERY_COLUMNS.filter((column) => !webhook || column.key !== "endpoint")}
      filters={useFilters(endpoints)}
      search={search}
      go={go}
      empty={empty}
      panel={{
        param: "delivery",
        title: "Delivery",
        page: (delivery, row) => {
          const of = webhook ?? row?.webhook;
          if (!of) return undefined;
          const params = { ...place, webhook: of, delivery };
          return linkOptions({ to: "/p/$project/$environment/webhooks/$webhook/deliveries/$delivery", params });
        },
        show: (delivery, row) => {
          const of = webhook ?? row?.webhook;
          return of && <DeliveryView webhook={of} id={delivery} />;
        },
      }}
    />
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
