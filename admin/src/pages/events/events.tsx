// Events of an environment: newest first, filtered by the address, and as they happen.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { eventTypes } from "../../api/queries/event_types.ts";
import { type AerocallEvent, events } from "../../api/queries/events.ts";
import { Actor } from "../../parts/actor.tsx";
import { Time } from "../../parts/figures.tsx";
import { type Filter, FilterBar } from "../../parts/filter_bar.tsx";
import { useKeyset } from "../../parts/keyset.ts";
import { DocsLink } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { SidePanel } from "../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch } from "../../parts/states.tsx";
import { type Column, Pager, Table } from "../../parts/table.tsx";
import { LiveButton } from "../invocations/parts/live_button.tsx";
import { userOf } from "../invocations/parts/user_of.ts";
import styles from "./parts/event.module.css";
import { EventView } from "./parts/event_view.tsx";
import { withNewer } from "./parts/tail.ts";
import { useEventTail } from "./parts/use_event_tail.ts";

const route = getRouteApi("/frame/p/$project/$environment/events");

export function Events() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const { type, subject, before, live, event } = route.useSearch();
  const filter = { ...(type ? { type } : {}), ...(subject ? { subject } : {}) };
  const query = useQuery(events(place, filter, before));
  const isLive = live === true && !before;
  const tail = useEventTail(place, filter, isLive);
  const change = (patch: Record<string, string | true | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...patch, before: undefined }) as typeof now, replace: true });
  const pages = useKeyset(
    before,
    query.data?.next,
    JSON.stringify(filter),
    (cursor) => void navigate({ search: (now) => ({ ...now, before: cursor }) as typeof now }),
  );
  const isFiltered = Boolean(type || subject);
  return (
    <Page
      title="Events"
      lead={
        <>
          What happened, stored in the transaction of the change. <DocsLink path="events.schema.json">Schema</DocsLink>
        </>
      }
      actions={
        <LiveButton
          isOn={isLive}
          state={tail.state}
          onChange={(on) =>
            void navigate({
              search: (now) => ({ ...now, live: on || undefined, before: undefined }) as typeof now,
              replace: true,
            })
          }
        />
      }
    >
      <FilterBar filters={useFilters()} value={{ type, subject }} onChange={change} />
      <Answer
        query={query}
        what="the events"
        isEmpty={(page) => page.events.length + tail.rows.length === 0}
        empty={
          isFiltered ? (
            <NoMatch what="events" onClear={() => change({ type: undefined, subject: undefined })} />
          ) : (
            <Empty sentence="Nothing has happened yet. The first is a sign-up, a login, or a user that an admin creates." />
          )
        }
      >
        {(page) => (
          <>
            <List rows={isLive ? withNewer(page.events, tail.rows) : page.events} current={event} isLive={isLive} />
            {!isLive && <Pager {...pages} shown={page.events.length} />}
          </>
        )}
      </Answer>
      {event && (
        <SidePanel
          title="Event"
          onClose={() => void navigate({ search: (now) => ({ ...now, event: undefined }) as typeof now })}
          open={linkOptions({ to: "/p/$project/$environment/events/$event", params: { ...place, event } })}
        >
          <EventView id={event} />
        </SidePanel>
      )}
    </Page>
  );
}

type ListProps = { rows: readonly AerocallEvent[]; current: string | undefined; isLive: boolean };

function List({ rows, current, isLive }: ListProps) {
  return (
    <Table
      label="Events"
      rows={rows}
      rowKey={(one) => one.id}
      columns={isLive ? LIVE_COLUMNS : COLUMNS}
      currentKey={current}
      open={(one) => ({ to: ".", search: (now: object) => ({ ...now, event: one.id }) })}
    />
  );
}

function columns(as: "ago" | "clock"): Column<AerocallEvent>[] {
  return [
    {
      key: "type",
      title: "Type",
      width: "28%",
      phone: "main",
      cell: (one) => <span className={styles.code}>{one.type}</span>,
    },
    { key: "time", title: "Time", width: "130px", phone: "side", cell: (one) => <Time at={one.time} as={as} /> },
    { key: "about", title: "About", phone: "second", cell: (one) => userOf(one)?.name ?? one.subject },
    { key: "actor", title: "Caused by", phone: "hidden", cell: (one) => <Actor of={one.actor} /> },
  ];
}

const COLUMNS = columns("ago");
const LIVE_COLUMNS = columns("clock");

function useFilters(): Filter[] {
  const types = useQuery(eventTypes(usePlace())).data;
  return useMemo(
    () => [
      {
        name: "type",
        label: "Type",
        kind: "choice",
        isMain: true,
        options: (types ?? []).map(({ name, description }) => ({ value: name, title: name, hint: description })),
      },
      { name: "subject", label: "User id", kind: "text", isMain: true, placeholder: "usr_…" },
    ],
    [types],
  );
}
