// The shared worker of `stream.ts`: holds one connection for each stream that some page listens to, and closes it with the last.
import { Followed } from "./followed.ts";
import type { FromWorker, StreamState, ToWorker } from "./stream.ts";

type Open = { followed: Followed; ports: Set<MessagePort>; state: StreamState };

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
  for (const type of types) open.followed.hear(type);
  port.postMessage({ kind: "state", url, state: open.state } satisfies FromWorker);
}

function remove(port: MessagePort, url: string): void {
  const open = streams.get(url);
  if (!open?.ports.delete(port) || open.ports.size > 0) return;
  open.followed.close();
  streams.delete(url);
}

function begin(url: string): Open {
  const followed = new Followed(url, {
    onState: (state) => {
      open.state = state;
      tell(url, { kind: "state", url, state });
    },
    onEvent: (event) => tellEvent(url, event),
  });
  const open: Open = { followed, ports: new Set(), state: "connecting" };
  streams.set(url, open);
  return open;
}

function tellEvent(url: string, event: MessageEvent<string>): void {
  tell(url, { kind: "event", url, event: { id: event.lastEventId, type: event.type, data: event.data } });
}

function tell(url: string, message: FromWorker): void {
  for (const port of streams.get(url)?.ports ?? []) port.postMessage(message);
}
