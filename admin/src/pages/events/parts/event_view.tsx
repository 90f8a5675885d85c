// One event: what happened, who caused it, its document, and what became of it.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type AerocallEvent, event } from "../../../api/queries/events.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Id } from "../../../parts/copy.tsx";
import { Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { DocsLink, Link } from "../../../parts/link.tsx";
import { Facts, Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { Actor } from "./actor.tsx";
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
  const about = useQuery({ ...hookPoints, select: (list) => list.events.find((one) => one.name === of.type)?.when });
  return (
    <>
      {about.data && <p className={styles.dim}>{about.data}</p>}
      <Facts facts={useFacts(of)} />
      <Section title="Document" lead={<DocsLink path="events.schema.json">JSON Schema of all events</DocsLink>}>
        <JsonView value={of} name="Event" />
      </Section>
    </>
  );
}

function useFacts(of: AerocallEvent): [string, ReactNode][] {
  const place = usePlace();
  const facts: [string, ReactNode][] = [
    ["Type", <code key="type">{of.type}</code>],
    ["When", <Time at={of.time} as="exact" key="time" />],
    ["Caused by", <Actor of={of.actor} key="actor" />],
  ];
  if (of.subject) {
    const user = (
      <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: of.subject }} key="subject">
        {of.subject}
      </Link>
    );
    facts.push(["About", user]);
  }
  facts.push(["Version of its shape", String(of.version)], ["Event", <Id key="id">{of.id}</Id>]);
  return facts;
}
