// The events that are about a user, newest first.
import { useQuery } from "@tanstack/react-query";
import { events } from "../../../api/queries/events.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Time } from "../../../parts/figures.tsx";
import { Link } from "../../../parts/link.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Empty, Skeleton } from "../../../parts/states.tsx";
import { Table } from "../../../parts/table.tsx";

export function UserEvents({ user }: { user: string }) {
  const place = usePlace();
  const query = useQuery(events(place, { subject: user }));
  return (
    <Answer
      query={query}
      what="the events of the user"
      skeleton={<Skeleton rows={6} />}
      isEmpty={(list) => list.events.length === 0}
      empty={<Empty sentence="No event about this user is kept." />}
    >
      {(list) => (
        <>
          <Table
            label="Events of the user"
            rows={list.events}
            rowKey={(event) => event.id}
            open={(event) => ({ to: "/p/$project/$environment/events/$event", params: { ...place, event: event.id } })}
            columns={[
              { key: "type", title: "Event", phone: "main", cell: (event) => event.type },
              { key: "actor", title: "By", phone: "second", cell: (event) => <Actor of={event.actor} about={user} /> },
              { key: "time", title: "When", width: "160px", phone: "side", cell: (event) => <Time at={event.time} /> },
            ]}
          />
          {list.next && (
            <p>
              <Link to="/p/$project/$environment/events" params={place} search={{ subject: user }}>
                All events of this user
              </Link>
            </p>
          )}
        </>
      )}
    </Answer>
  );
}
