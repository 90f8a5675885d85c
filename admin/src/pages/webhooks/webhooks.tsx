// Webhook endpoints of an environment: which there are, how they do, and a new one.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type NewWebhookEndpoint, type WebhookEndpoint, webhooks } from "../../api/queries/webhooks.ts";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/figures.tsx";
import { ButtonLink, DocsLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { HooksTabs } from "../hooks/parts/hooks_tabs.tsx";
import { CreateWebhook } from "./parts/create_webhook.tsx";
import { SecretShown } from "./parts/secret_shown.tsx";
import { WebhookStatus } from "./parts/webhook_status.tsx";
import styles from "./webhooks.module.css";

export function Webhooks() {
  const place = usePlace();
  const rights = useRights();
  const query = useQuery(webhooks(place));
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<NewWebhookEndpoint | null>(null);
  const create = (
    <Button kind="primary" icon="plus" whyNot={rights.why("settings:write")} onPress={() => setOpen(true)}>
      Add a webhook endpoint
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      lead="URLs of yours that receive a signed POST request for each event they subscribe to."
      actions={
        <>
          <ButtonLink to="/p/$project/$environment/deliveries" params={place} icon="log">
            All deliveries
          </ButtonLink>
          {create}
        </>
      }
      tabs={<HooksTabs />}
    >
      <Answer
        query={query}
        what="the webhook endpoints"
        skeleton={<Skeleton rows={4} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <Empty
            sentence="No URL receives the events of this environment."
            action={create}
            link={<DocsLink path="../openapi.json">API of webhooks</DocsLink>}
          />
        }
      >
        {(list) => (
          <Table
            label="Webhook endpoints"
            rows={list}
            rowKey={(one) => one.id}
            columns={COLUMNS}
            open={(one) => ({
              to: "/p/$project/$environment/webhooks/$webhook",
              params: { ...place, webhook: one.id },
            })}
          />
        )}
      </Answer>
      <CreateWebhook
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onMade={(one) => {
          setOpen(false);
          setMade(one);
        }}
      />
      <SecretShown title="Webhook endpoint added" secret={made?.secret ?? null} onClose={() => setMade(null)} />
    </Page>
  );
}

const COLUMNS: Column<WebhookEndpoint>[] = [
  {
    key: "url",
    title: "URL",
    phone: "main",
    cell: (one) => (
      <span className={styles.url} title={one.description || one.url}>
        {one.url}
      </span>
    ),
  },
  { key: "state", title: "State", width: "190px", phone: "side", cell: (one) => <WebhookStatus of={one} /> },
  { key: "events", title: "Events", width: "34%", phone: "second", cell: (one) => <Selection of={one} /> },
  { key: "created", title: "Added", width: "120px", phone: "hidden", cell: (one) => <Time at={one.createdAt} /> },
];

function Selection({ of: { events, filter } }: { of: WebhookEndpoint }) {
  const names = events.includes("*") ? "all events" : events.join(", ");
  return (
    <span className={styles.selection} title={names}>
      {names}
      {filter.length > 0 && <span className={styles.filtered}> filtered</span>}
    </span>
  );
}
