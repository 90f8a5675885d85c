// Whether what happens in the environment arrives by itself. While it does, lists that show it are read again soon after.
import { useEffect, useState } from "react";
import { ADMIN, cache, type Place } from "../api/client.ts";
import { listen, type StreamState } from "../api/stream.ts";
import styles from "./live_dot.module.css";

const words: Record<StreamState, string> = {
  open: "Live: what happens here is shown as it happens",
  connecting: "Connecting to the server",
  refused: "Not live for the moment: the server is asked again by itself",
};

/** However much happens, lists are read again once in this time. */
const AT_MOST_EVERY_MS = 4_000;

export function LiveDot({ place: { project, environment } }: { place: Place }) {
  const [state, setState] = useState<StreamState>("connecting");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const thing of ["events", "overview"])
          void cache.invalidateQueries({ queryKey: [project, environment, thing] });
      }, AT_MOST_EVERY_MS);
    };
    const leave = listen(streamOf({ project, environment }), [], { onEvent: readAgain, onState: setState });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [project, environment]);
  return (
    <span className={`${styles.dot} ${styles[state]}`} role="img" aria-label={words[state]} title={words[state]}>
      <span />
    </span>
  );
}

/** The stream of all events of an environment: whoever listens to it shares one connection. */
export function streamOf({ project, environment }: Place): string {
  return `${ADMIN}/projects/${encodeURIComponent(project)}/environments/${encodeURIComponent(environment)}/events/stream`;
}
