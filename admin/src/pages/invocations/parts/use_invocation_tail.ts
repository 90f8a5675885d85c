// New invocations of an environment as they are recorded, for as long as a page watches and is seen.
import { useEffect, useState } from "react";
import type { Place } from "../../../api/client.ts";
import { type Invocation, type InvocationFilter, invocationStream } from "../../../api/queries/invocations.ts";
import { listen, type StreamState } from "../../../api/stream.ts";
import { withNewer } from "../../../parts/tail.ts";

const NONE: readonly Invocation[] = [];

export type Tail = { rows: readonly Invocation[]; state: StreamState };

export function useInvocationTail(place: Place, filter: InvocationFilter, isOn: boolean): Tail {
  const [rows, setRows] = useState<readonly Invocation[]>(NONE);
  const [state, setState] = useState<StreamState>("connecting");
  const url = invocationStream(place, filter);
  useEffect(() => {
    setRows(NONE);
    if (!isOn) return;
    return listen(url, ["invocation"], {
      onEvent: ({ data }) => setRows((now) => withNewer(now, [data as Invocation])),
      onState: setState,
    });
  }, [url, isOn]);
  return { rows, state };
}
