// One event: what happened, who caused it, its document, and what became of it.
import { useQuery } from "@tanstack/react-query";
import { type AerocallEvent, event } from "../../../api/queries/events.ts";
import { hookPoints } from "../../../api/queries/hooks.ts";
import { Id } from "../../../parts/copy.tsx";
import { type Fact, FactGrid } from "../../../parts/fact_grid.tsx";
import { Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { DocsLink, Link } from "../../../parts/link.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { userOf } from "../../invocations/parts/user_of.ts";
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
      <FactGrid facts={useFacts(of)} />
      <Section title="Document" lead={<DocsLink path="events.schema.json">JSON Schema of all events</DocsLink>}>
        <JsonView value={of} name="Event" />
      </Section>
    </>
  );
}

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
