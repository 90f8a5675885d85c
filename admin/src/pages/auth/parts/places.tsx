// The hook points or events of an endpoint in two lines: which are enabled, with their hooks, and which are disabled.
import type { EndpointHook, EndpointWebhook } from "../../../api/queries/endpoints.ts";
import { Dotted } from "../../../parts/dotted.tsx";
import { plural } from "../../../parts/format.ts";
import { Mark } from "../../../parts/outcome.tsx";
import styles from "./places.module.css";

export type PlaceOf = {
  name: string;
  status: "enabled" | "disabled" | "none";
  hooks: readonly EndpointHook[];
  webhooks?: readonly EndpointWebhook[];
};

type Props = {
  /** Said on a phone, where the columns have no heads. */ label: string;
  of: readonly PlaceOf[];
  none: string;
};

export function Places({ label, of, none }: Props) {
  if (of.length === 0) return <p className={styles.none}>{none}</p>;
  const enabled = of.filter((place) => place.status === "enabled");
  const disabled = of.filter((place) => place.status !== "enabled");
  return (
    <dl className={styles.places} data-label={label}>
      {enabled.length > 0 && (
        <div className={styles.line}>
          <dt className={styles.on}>
            <Mark tone="allow" shape="disc" /> Enabled
          </dt>
          <dd>
            {enabled.map((place) => (
              <Enabled key={place.name} of={place} />
            ))}
          </dd>
        </div>
      )}
      {disabled.length > 0 && (
        <div className={styles.line}>
          <dt className={styles.off}>
            <Mark tone="unknown" shape="ring" /> Disabled
          </dt>
          <dd className={styles.off}>
            {disabled.map((place) => (
              <Disabled key={place.name} of={place} />
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Enabled({ of }: { of: PlaceOf }) {
  return (
    <span className={styles.place}>
      <code className={styles.name}>
        <Dotted>{of.name}</Dotted>
      </code>{" "}
      <span className={styles.hooks}>{runningOf(of).join(", ")}</span>
    </span>
  );
}

function runningOf(of: PlaceOf): string[] {
  const hooks = of.hooks.filter((hook) => hook.status === "enabled").map((hook) => `${hook.name} v${hook.version}`);
  const webhooks = (of.webhooks ?? []).filter((webhook) => webhook.state === "enabled").length;
  return webhooks > 0 ? [...hooks, plural(webhooks, "webhook")] : hooks;
}

/** Without a hook, or with hooks that are all off. */
function Disabled({ of }: { of: PlaceOf }) {
  const off = of.hooks.map((hook) => hook.name).join(", ");
  return (
    <span className={styles.place} title={off ? `${off} is disabled` : "There is no hook"}>
      <code>
        <Dotted>{of.name}</Dotted>
      </code>
      {off && <span> {off} off</span>}
    </span>
  );
}
