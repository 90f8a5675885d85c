// New events of an environment as they happen, for as long as a page watches.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Place } from "../../../api/client.ts";
import { type EventType, eventTypes } from "../../../api/queries/event_types.ts";
import { type AerocallEvent, type EventFilter, eventStream } from "../../../api/queries/events.ts";
import { listen, type StreamState } from "../../../api/stream.ts";
import { withNewer } from "../../../parts/tail.ts";

const NONE: readonly AerocallEvent[] = [];

export type Tail = { rows: readonly AerocallEvent[]; state: StreamState };

/** An event of the stream is named by its type. */
const namesOf = (types: readonly EventType[]) => types.map((one) => one.name);

export function useEventTail(place: Place, filter: EventFilter, isOn: boolean): Tail {
  const [rows, setRows] = useState<readonly AerocallEvent[]>(NONE);
  const [state, setState] = useState<StreamState>("connecting");
  const types = useQuery({ ...eventTypes(place), select: namesOf }).data;
  const { type, subject } = filter;
  const url = eventStream(place);
  useEffect(() => {
    setRows(NONE);
    if (!isOn || !types) return;
    const isWanted = (one: AerocallEvent) => (!type || one.type === type) && (!subject || one.subject === subject);
    return listen(url, types, {
      onEvent: ({ data }) => {
        const one = data as AerocallEvent;
        if (isWanted(one)) setRows((now) => withNewer(now, [one]));
      },
      onState: setState,
    });
  }, [url, isOn, types, type, subject]);
  return { rows, state };
}
