// One event: what happened, who caused it, its document, and what became of it.

import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { deliveries, type ListedDelivery } from "../../../api/queries/deliveries.ts";
import { eventTypes } from "../../../api/queries/event_types.ts";
import { type AerocallEvent, event } from "../../../api/queries/events.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Id } from "../../../parts/copy.tsx";
import { type Fact, FactGrid } from "../../../parts/fact_grid.tsx";
import { Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Link } from "../../../parts/link.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { userOf } from "../../invocations/parts/user_of.ts";
import styles from "./event.module.css";

export function EventView({ id }: { id: string }) {
  const query = useQuery(event(usePlace(), id));
  return (
    <Answer query={query} what="the event" skeleton={<Skeleton kind="text" rows={8} />}>
      {(data) => <Whole of={data} />}
    </Answer>
  );
}

function Whole({ of }: { of: AerocallEvent }) {
  const place = usePlace();
  const type = useQuery({ ...eventTypes(place), select: (list) => list.find((one) => one.name === of.type) }).data;
  return (
    <>
      {type && <p className={styles.dim}>{type.description}</p>}
      <FactGrid facts={useFacts(of)} />
      <Receivers of={of} />
      <Section title="Document">
        <JsonView value={of} name="the event" />
      </Section>
      {type && (
        <details>
          <summary>JSON Schema of {of.type}</summary>
          <JsonView value={type.schema} name={`Schema of ${of.type}`} depth={2} />
        </details>
      )}
    </>
  );
}

/** Who received it: the deliveries to webhook endpoints. */
function Receivers({ of }: { of: AerocallEvent }) {
  const place = usePlace();
  const query = useQuery(deliveries(place, { event: of.id }));
  return (
    <Section title="Deliveries">
      <Answer
        query={query}
        what="the deliveries"
        skeleton={<Skeleton rows={2} />}
        isEmpty={(page) => page.deliveries.length === 0}
        empty={<p className={styles.dim}>No webhook endpoint selected it.</p>}
      >
        {(page) => (
          <Table
            label="Deliveries"
            isCompact
            rows={page.deliveries}
            rowKey={(one) => one.id}
            columns={RECEIVERS}
            open={(one) =>
              linkOptions({
                to: "/p/$project/$environment/webhooks/$webhook/deliveries/$delivery",
                params: { ...place, webhook: one.webhook, delivery: one.id },
              })
            }
          />
        )}
      </Answer>
    </Section>
  );
}

const RECEIVERS: Column<ListedDelivery>[] = [
  { key: "url", title: "Endpoint", phone: "main", cell: (one) => <span className={styles.code}>{one.url}</span> },
  { key: "state", title: "State", width: "110px", phone: "side", cell: (one) => <Status of={one.state} /> },
  { key: "last", title: "Response", width: "90px", phone: "second", cell: (one) => one.lastStatus },
];

function useFacts(of: AerocallEvent): (Fact | false)[] {
  const place = usePlace();
  return [
    { name: "Type", value: <code>{of.type}</code> },
    { name: "Version of its shape", value: of.version },
    { name: "When", value: <Time at={of.time} as="exact" />, isWide: true },
    of.subject !== null && {
      name: "About",
      isWide: true,
      value: (
        <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: of.subject }}>
          {userOf(of)?.name ?? of.subject}
        </Link>
      ),
    },
    { name: "Caused by", value: <Actor of={of.actor} />, isWide: true },
    { name: "Event", value: <Id>{of.id}</Id>, isWide: true },
  ];
}
