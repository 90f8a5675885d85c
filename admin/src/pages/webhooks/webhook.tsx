// One webhook endpoint: how it does, its deliveries, and its settings.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type WebhookEndpoint, webhook } from "../../api/queries/webhooks.ts";
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { RouteTabs } from "../../parts/tabs.tsx";
import { EndpointDeliveries } from "./parts/endpoint_deliveries.tsx";
import { Health } from "./parts/health.tsx";
import { WebhookActions } from "./parts/webhook_actions.tsx";
import { WebhookSettings } from "./parts/webhook_settings.tsx";
import { WebhookStatus } from "./parts/webhook_status.tsx";

const route = getRouteApi("/frame/p/$project/$environment/webhooks/$webhook");

export function Webhook() {
  const place = usePlace();
  const { webhook: id } = route.useParams();
  const query = useQuery(webhook(place, id));
  return (
    <Answer query={query} what="the webhook endpoint" skeleton={<Skeleton kind="text" rows={8} />}>
      {(data) => <Whole of={data} />}
    </Answer>
  );
}

function Whole({ of }: { of: WebhookEndpoint }) {
  const params = { ...usePlace(), webhook: of.id };
  const { tab } = route.useSearch();
  const to = "/p/$project/$environment/webhooks/$webhook";
  return (
    <Page
      title={of.url}
      isCode
      tags={<WebhookStatus of={of} />}
      lead={of.description || undefined}
      back={
        <Link to="/p/$project/$environment/webhooks" params={params}>
          Webhooks
        </Link>
      }
      actions={<WebhookActions of={of} />}
      tabs={
        <RouteTabs
          label="Webhook endpoint"
          tabs={[
            { title: "Deliveries", to, params, search: {}, isCurrent: tab !== "settings" },
            { title: "Settings", to, params, search: { tab: "settings" }, isCurrent: tab === "settings" },
          ]}
        />
      }
    >
      <Health of={of} />
      {tab === "settings" ? <WebhookSettings of={of} /> : <EndpointDeliveries of={of} />}
    </Page>
  );
}
