// The deliveries of one webhook endpoint.
import { getRouteApi } from "@tanstack/react-router";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Empty } from "../../../parts/states.tsx";
import { DeliveryList } from "../../deliveries/parts/delivery_list.tsx";

const route = getRouteApi("/frame/p/$project/$environment/webhooks/$webhook");

export function EndpointDeliveries({ of }: { of: WebhookEndpoint }) {
  const navigate = route.useNavigate();
  return (
    <DeliveryList
      search={route.useSearch()}
      go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
      webhook={of.id}
      empty={
        <Empty sentence="Nothing has been sent to this endpoint. The first event that it selects is, and so is a test event." />
      }
    />
  );
}
