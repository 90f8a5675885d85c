// What is wrong with a webhook endpoint, why, and what to do: nothing is said while nothing is.
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Time } from "../../../parts/figures.tsx";
import { Icon } from "../../../parts/icon.tsx";
import styles from "./health.module.css";

export function Health({ of }: { of: WebhookEndpoint }) {
  if (of.state === "disabled") {
    return (
      <Notice>
        {DISABLED[of.disabledBy ?? "admin"]} Waiting deliveries were canceled. Once the receiver works, enable it and
        send what is missing.
      </Notice>
    );
  }
  if (!of.failingSince) return null;
  return (
    <Notice>
      Every delivery has failed since <Time at={of.failingSince} />. The server goes on trying, one message at a time,
      and disables the endpoint after five days without a success.
    </Notice>
  );
}

const DISABLED = {
  admin: "An admin disabled this endpoint.",
  gone: "The server disabled this endpoint because it answered 410 Gone.",
  failing: "The server disabled this endpoint because every delivery failed for days.",
} as const;

function Notice({ children }: { children: React.ReactNode }) {
  return (
    <div className={styles.notice}>
      <Icon name="warning" />
      <p>{children}</p>
    </div>
  );
}
