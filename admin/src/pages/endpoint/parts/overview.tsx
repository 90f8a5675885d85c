// What runs at an endpoint, in order: hooks before the commit, the commit, hooks after it, and the events with their receivers.
import { useState } from "react";
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";
import { Section } from "../../../parts/page.tsx";
import { Empty } from "../../../parts/states.tsx";
import { CreateHook } from "../../hooks/parts/create_hook.tsx";
import { EventPlace } from "./event_place.tsx";
import { chainOf } from "./order.ts";
import styles from "./overview.module.css";
import { PointPlace } from "./point_place.tsx";

export function Overview({ of }: { of: EndpointWithHooks }) {
  const [place, setPlace] = useState<string | null>(null);
  const { before, after } = chainOf(of.hooks);
  return (
    <>
      {of.about && (
        <details className={styles.about}>
          <summary>What this endpoint does</summary>
          <p>{of.about}</p>
        </details>
      )}
      <Section title="Lifecycle hooks, in the order in which they run">
        {of.hooks.length === 0 ? (
          <Empty sentence="No hooks can run at this endpoint: it changes nothing that they decide about." />
        ) : (
          <ol className={styles.chain}>
            {before.map((point) => (
              <PointPlace key={point.point} of={point} onCreate={setPlace} />
            ))}
            <li className={styles.commit}>
              Commit: the change, its events and what the hooks before have staged are stored together.
            </li>
            {after.map((point) => (
              <PointPlace key={point.point} of={point} onCreate={setPlace} />
            ))}
          </ol>
        )}
      </Section>
      <Section
        title="Project events"
        lead={of.events.length > 0 ? "Handled after the request, in the background." : undefined}
      >
        {of.events.length === 0 ? (
          <Empty sentence="This endpoint emits no event." />
        ) : (
          <ul className={styles.chain}>
            {of.events.map((event) => (
              <EventPlace key={event.name} of={event} onCreate={setPlace} />
            ))}
          </ul>
        )}
      </Section>
      {place && <CreateHook place={place} isOpen onClose={() => setPlace(null)} />}
    </>
  );
}
