// New invocations of an environment as they are recorded, for as long as a page watches and is seen.
import { useEffect, useState } from "react";
import type { Place } from "../../../api/client.ts";
import { type Invocation, type InvocationFilter, invocationStream } from "../../../api/queries/invocations.ts";
import { listen, type StreamState } from "../../../api/stream.ts";
import { withNewer } from "../../../parts/tail.ts";

const NONE: readonly Invocation[] = [];

/** What comes within this time is drawn together: a busy environment has dozens a second, and each drawing is of the whole list. */
const TOGETHER_MS = 250;

export type Tail = { rows: readonly Invocation[]; state: StreamState };

export function useInvocationTail(place: Place, filter: InvocationFilter, isOn: boolean): Tail {
  const [rows, setRows] = useState<readonly Invocation[]>(NONE);
  const [state, setState] = useState<StreamState>("connecting");
  const url = invocationStream(place, filter);
  useEffect(() => {
    setRows(NONE);
    if (!isOn) return;
    let come: Invocation[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      const newer = come.reverse();
      come = [];
      timer = undefined;
      setRows((now) => withNewer(now, newer));
    };
    const leave = listen(url, ["invocation"], {
      onEvent: ({ data }) => {
        come.push(data as Invocation);
        timer ??= setTimeout(show, TOGETHER_MS);
      },
      onState: setState,
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [url, isOn]);
  return { rows, state };
}
