// Events of an environment: newest first, filtered by the address, and as they happen.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { eventTypes } from "../../api/queries/event_types.ts";
import { type AerocallEvent, events } from "../../api/queries/events.ts";
import { Actor } from "../../parts/actor.tsx";
import { Time } from "../../parts/figures.tsx";
import type { Filter } from "../../parts/filter_bar.tsx";
import { DocsLink } from "../../parts/link.tsx";
import { type Go, List } from "../../parts/list.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { Empty } from "../../parts/states.tsx";
import type { Column } from "../../parts/table.tsx";
import { LiveButton } from "../invocations/parts/live_button.tsx";
import { userOf } from "../invocations/parts/user_of.ts";
import styles from "./parts/event.module.css";
import { EventView } from "./parts/event_view.tsx";
import { useEventTail } from "./parts/use_event_tail.ts";

const route = getRouteApi("/frame/p/$project/$environment/events");

export function Events() {
  const place = usePlace();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { type, subject, before, live } = search;
  const filter = { ...(type ? { type } : {}), ...(subject ? { subject } : {}) };
  const query = useQuery({ ...events(place, filter, before), placeholderData: keepPreviousData });
  const isLive = live === true && !before;
  const tail = useEventTail(place, filter, isLive);
  const go: Go = (change, replace) =>
    void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace });
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
          onChange={(on) => go({ live: on || undefined, before: undefined }, true)}
        />
      }
    >
      <List
        what="events"
        query={query}
        rowsOf={(page) => page.events}
        columns={isLive ? LIVE_COLUMNS : COLUMNS}
        filters={useFilters()}
        search={search}
        go={go}
        newer={isLive ? tail.rows : undefined}
        empty={
          <Empty sentence="Nothing has happened yet. The first is a sign-up, a login, or a user that an admin creates." />
        }
        panel={{
          param: "event",
          title: "Event",
          page: (event) => ({ to: "/p/$project/$environment/events/$event", params: { ...place, event } }),
          show: (event) => <EventView id={event} />,
        }}
      />
    </Page>
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
    { key: "actor", title: "Caused by", phone: "hidden", cell: (one) => <Actor of={one.actor} about={one.subject} /> },
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
      { name: "subject", label: "User id", kind: "text", isMain: true, placeholder: "User id: usr_…" },
    ],
    [types],
  );
}
