// The deliveries of all webhook endpoints of an environment, filtered by the address, with the chosen one in a panel.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { webhooks } from "../../api/queries/webhooks.ts";
import { ButtonLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Empty } from "../../parts/states.tsx";
import { DeliveryList } from "./parts/delivery_list.tsx";

const route = getRouteApi("/frame/p/$project/$environment/deliveries");

export function Deliveries() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const endpoints = useQuery(webhooks(place)).data;
  return (
    <Page title="Deliveries" lead="What is sent to the webhook endpoints of this environment, over all of them.">
      <DeliveryList
        search={route.useSearch()}
        go={(change, replace) => void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace })}
        endpoints={endpoints ?? []}
        empty={
          <Empty
            sentence={
              endpoints?.length === 0
                ? "No URL receives the events of this environment, so nothing is delivered."
                : "Nothing has been delivered yet. The first event that an endpoint selects is."
            }
            action={
              <ButtonLink to="/p/$project/$environment/webhooks" params={place}>
                Webhooks
              </ButtonLink>
            }
          />
        }
      />
    </Page>
  );
}
