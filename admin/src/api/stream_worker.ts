// The shared worker of `stream.ts`: holds one connection for each stream that some page listens to, and closes it with the last.
import type { FromWorker, StreamState, ToWorker } from "./stream.ts";

type Open = { source: EventSource; ports: Set<MessagePort>; types: Set<string>; state: StreamState };

const streams = new Map<string, Open>();

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = (message: MessageEvent<ToWorker>) => {
    const { kind, url, types } = message.data;
    if (kind === "listen") add(port, url, types);
    else remove(port, url);
  };
  port.start();
};

function add(port: MessagePort, url: string, types: string[]): void {
  const open = streams.get(url) ?? begin(url);
  open.ports.add(port);
  for (const type of types) {
    if (open.types.has(type)) continue;
    open.types.add(type);
    open.source.addEventListener(type, (event) => tellEvent(url, event as MessageEvent<string>));
  }
  port.postMessage({ kind: "state", url, state: open.state } satisfies FromWorker);
}

function remove(port: MessagePort, url: string): void {
  const open = streams.get(url);
  if (!open?.ports.delete(port) || open.ports.size > 0) return;
  open.source.close();
  streams.delete(url);
}

function begin(url: string): Open {
  const source = new EventSource(url, { withCredentials: true });
  const open: Open = { source, ports: new Set(), types: new Set(), state: "connecting" };
  const become = (state: StreamState) => {
    open.state = state;
    tell(url, { kind: "state", url, state });
  };
  source.onopen = () => become("open");
  source.onerror = () => become(source.readyState === EventSource.CLOSED ? "closed" : "connecting");
  source.onmessage = (event) => tellEvent(url, event);
  streams.set(url, open);
  return open;
}

function tellEvent(url: string, event: MessageEvent<string>): void {
  tell(url, { kind: "event", url, event: { id: event.lastEventId, type: event.type, data: event.data } });
}

function tell(url: string, message: FromWorker): void {
  for (const port of streams.get(url)?.ports ?? []) port.postMessage(message);
}
