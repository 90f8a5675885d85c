// How a webhook endpoint stands: enabled, failing since when, or disabled, by whom and why.

import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Time } from "../../../parts/figures.tsx";
import { Status } from "../../../parts/outcome.tsx";
import styles from "./webhook_status.module.css";

type Props = { of: Pick<WebhookEndpoint, "state" | "disabledBy" | "failingSince"> };

export function WebhookStatus({ of }: Props) {
  if (of.state === "disabled") return <Status of="disabled" word={WHY[of.disabledBy ?? "admin"]} />;
  if (!of.failingSince) return <Status of="enabled" />;
  return (
    <span className={styles.failing}>
      <Status of="failing" />
      <span className={styles.since}>
        since <Time at={of.failingSince} />
      </span>
    </span>
  );
}

const WHY = {
  admin: "disabled",
  gone: "disabled: it answered 410",
  failing: "disabled: it failed for days",
} as const;
