// The deliveries of one endpoint, filtered by the address, with the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { type DeliveryState, deliveriesOf } from "../../../api/queries/deliveries.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { FilterBar } from "../../../parts/filter_bar.tsx";
import { useKeyset } from "../../../parts/keyset.ts";
import { usePlace } from "../../../parts/place.ts";
import { SidePanel } from "../../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch } from "../../../parts/states.tsx";
import { Pager, Table } from "../../../parts/table.tsx";
import { DELIVERY_COLUMNS } from "../../deliveries/parts/delivery_columns.tsx";
import { DELIVERY_STATES } from "../../deliveries/parts/delivery_states.ts";
import { DeliveryView } from "../../deliveries/parts/delivery_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/webhooks/$webhook");
/** What is under way changes by itself. */
const AGAIN_MS = 5_000;

export function EndpointDeliveries({ of }: { of: WebhookEndpoint }) {
  const place = usePlace();
  const navigate = route.useNavigate();
  const { state, event, before, delivery } = route.useSearch();
  const filter = { ...(state ? { state: state as DeliveryState } : {}), ...(event ? { event } : {}) };
  const query = useQuery({ ...deliveriesOf(place, of.id, filter, before), refetchInterval: AGAIN_MS });
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch, before: undefined }) as typeof now, replace: true });
  const pages = useKeyset(
    before,
    query.data?.next,
    JSON.stringify(filter),
    (cursor) => void navigate({ search: (now) => ({ ...now, before: cursor }) as typeof now }),
  );
  const isFiltered = Boolean(state || event);
  const clear = () => change({ state: undefined, event: undefined });
  const close = () => void navigate({ search: (now) => ({ ...now, delivery: undefined }) as typeof now });
  return (
    <>
      <FilterBar filters={FILTERS} value={{ state, event }} onChange={change} />
      <Answer
        query={query}
        what="the deliveries"
        isEmpty={(page) => page.deliveries.length === 0}
        empty={
          isFiltered ? (
            <NoMatch what="deliveries" onClear={clear} />
          ) : (
            <Empty sentence="Nothing has been sent to this endpoint. The first event that it selects is, and so is a test event." />
          )
        }
      >
        {(page) => (
          <>
            <Table
              label="Deliveries"
              rows={page.deliveries}
              rowKey={(one) => one.id}
              columns={DELIVERY_COLUMNS}
              currentKey={delivery}
              open={(one) => ({ to: ".", search: (now: object) => ({ ...now, delivery: one.id }) })}
            />
            <Pager {...pages} shown={page.deliveries.length} />
          </>
        )}
      </Answer>
      {delivery && (
        <SidePanel
          title="Delivery"
          onClose={close}
          open={linkOptions({
            to: "/p/$project/$environment/webhooks/$webhook/deliveries/$delivery",
            params: { ...place, webhook: of.id, delivery },
          })}
        >
          <DeliveryView webhook={of.id} id={delivery} />
        </SidePanel>
      )}
    </>
  );
}

const FILTERS = [
  { name: "state", label: "State", kind: "choice", options: DELIVERY_STATES, isMain: true },
  { name: "event", label: "Event id", kind: "text", placeholder: "evt_…", isMain: true },
] as const;
