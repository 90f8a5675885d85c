// An event of an endpoint, and who receives it: script hooks and webhook endpoints.
import { useQuery } from "@tanstack/react-query";
import type { EndpointEvent, EndpointWebhook } from "../../../api/queries/endpoints.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Button } from "../../../parts/button.tsx";
import { Link } from "../../../parts/link.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Tag } from "../../../parts/tag.tsx";
import { DeployedHook } from "./deployed_hook.tsx";
import styles from "./place.module.css";

type Props = { of: EndpointEvent; onCreate: (place: string) => void };

export function EventPlace({ of, onCreate }: Props) {
  const place = usePlace();
  const rights = useRights();
  const about = useQuery({
    ...hookPoints,
    select: (list) => list.events.find((one) => one.name === of.name)?.when,
  }).data;
  const isOn = of.status === "enabled";
  return (
    <li className={styles.place}>
      <header className={styles.head}>
        <h3>
          <code>{of.name}</code>
        </h3>
        <Status of={isOn ? "enabled" : "disabled"} word={isOn ? "Enabled" : "Disabled"} />
        {about && <span className={styles.may}>{about}</span>}
      </header>
      {of.hooks.map((hook) => (
        <DeployedHook key={hook.name} of={hook} at={of.name} />
      ))}
      {of.webhooks.map((webhook) => (
        <WebhookLine key={webhook.id} of={webhook} />
      ))}
      {of.hooks.length + of.webhooks.length === 0 && (
        <div className={styles.none}>
          <span>Nobody receives it.</span>
          <Button small icon="plus" whyNot={rights.why("hooks:deploy")} onPress={() => onCreate(of.name)}>
            Create a script hook
          </Button>
          <Link to="/p/$project/$environment/webhooks" params={place}>
            Add a webhook endpoint
          </Link>
        </div>
      )}
    </li>
  );
}

function WebhookLine({ of }: { of: EndpointWebhook }) {
  const params = { ...usePlace(), webhook: of.id };
  return (
    <div className={styles.hook}>
      <div className={styles.line}>
        <Link to="/p/$project/$environment/webhooks/$webhook" params={params}>
          {of.url ?? of.id}
        </Link>
        <Tag>webhook</Tag>
        <Status of={of.state} />
      </div>
    </div>
  );
}
