// New invocations of an environment as they are recorded, for as long as a page watches and is seen.
import { useEffect, useState } from "react";
import type { Place } from "../../../api/client.ts";
import { type Invocation, type InvocationFilter, newerInvocations } from "../../../api/queries/invocations.ts";
import type { StreamState } from "../../../api/stream.ts";
import { withNewer } from "../../events/parts/tail.ts";

const EVERY_MS = 1_500;
const NONE: readonly Invocation[] = [];

export type Tail = { rows: readonly Invocation[]; state: StreamState };

/** `newest` is the newest that the page has; nothing is asked for before there is one, or the list is known to be empty. */
export function useInvocationTail(place: Place, filter: InvocationFilter, isOn: boolean, newest: string | null): Tail {
  const [rows, setRows] = useState<readonly Invocation[]>(NONE);
  const [state, setState] = useState<StreamState>("connecting");
  const { project, environment } = place;
  const key = JSON.stringify(filter);
  useEffect(() => {
    setRows(NONE);
    if (!isOn || newest === null) return;
    const stop = new AbortController();
    let after = newest;
    const look = async () => {
      if (document.hidden) return;
      try {
        const page = await newerInvocations({ project, environment }, JSON.parse(key), after, stop.signal);
        setState("open");
        after = page.invocations[0]?.id ?? after;
        setRows((now) => withNewer(now, page.invocations));
      } catch {
        if (!stop.signal.aborted) setState("closed");
      }
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [project, environment, key, isOn, newest]);
  return { rows, state };
}
