// Server-sent events, one connection for all tabs of a browser: a browser opens only six per server, and the seventh page would
// wait without an error. A shared worker holds the connections; a page that is hidden lets go of its own.
import { Followed } from "./followed.ts";

export type StreamEvent = { id: string; type: string; data: unknown };
/** `refused`: it is tried again after a while. */
export type StreamState = "connecting" | "open" | "refused";
type Listener = { onEvent: (event: StreamEvent) => void; onState?: (state: StreamState) => void };

/** What a page tells the worker, and what it hears from it. */
export type ToWorker = { kind: "listen" | "leave"; url: string; types: string[] };
export type FromWorker =
  | { kind: "event"; url: string; event: { id: string; type: string; data: string } }
  | { kind: "state"; url: string; state: StreamState };

/** Listens to a stream until the function that it returns is called. `types` are the names of its events. */
export function listen(url: string, types: string[], listener: Listener): () => void {
  let leave = document.hidden ? null : join(url, types, listener);
  const onVisibility = () => {
    if (document.hidden) {
      leave?.();
      leave = null;
    } else {
      leave ??= join(url, types, listener);
    }
  };
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    leave?.();
  };
}

function join(url: string, types: string[], listener: Listener): () => void {
  return typeof SharedWorker === "undefined" ? joinAlone(url, types, listener) : joinShared(url, types, listener);
}

function joinShared(url: string, types: string[], listener: Listener): () => void {
  const worker = new SharedWorker(new URL("./stream_worker.ts", import.meta.url), { type: "module", name: "streams" });
  worker.port.onmessage = (message: MessageEvent<FromWorker>) => {
    const told = message.data;
    if (told.url !== url) return;
    if (told.kind === "state") listener.onState?.(told.state);
    else listener.onEvent({ ...told.event, data: parse(told.event.data) });
  };
  const tell = (kind: ToWorker["kind"]) => worker.port.postMessage({ kind, url, types } satisfies ToWorker);
  const onLeave = () => tell("leave");
  window.addEventListener("pagehide", onLeave);
  tell("listen");
  return () => {
    window.removeEventListener("pagehide", onLeave);
    tell("leave");
    worker.port.close();
  };
}

function joinAlone(url: string, types: string[], listener: Listener): () => void {
  const followed = new Followed(url, {
    onState: (state) => listener.onState?.(state),
    onEvent: (event) => listener.onEvent({ id: event.lastEventId, type: event.type, data: parse(event.data) }),
  });
  for (const type of types) followed.hear(type);
  return () => followed.close();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
