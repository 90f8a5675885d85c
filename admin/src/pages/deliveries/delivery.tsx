// The page of one delivery.
import { getRouteApi } from "@tanstack/react-router";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { DeliveryView } from "./parts/delivery_view.tsx";

const route = getRouteApi("/frame/p/$project/$environment/webhooks/$webhook/deliveries/$delivery");

export function Delivery() {
  const { delivery, ...params } = route.useParams();
  return (
    <Page
      title="Delivery"
      width="form"
      back={
        <Link to="/p/$project/$environment/webhooks/$webhook" params={params}>
          Deliveries of the endpoint
        </Link>
      }
    >
      <DeliveryView webhook={params.webhook} id={delivery} />
    </Page>
  );
}
