// A stream that is followed until nobody wants it any more. A browser connects again by itself when a connection breaks, but gives up
// where an answer refuses: a project has a number of streams, and a page that was just left may still have one. Here it goes on.
import type { StreamState } from "./stream.ts";

/** After a refusal; twice as long after each further one. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

type Heard = { onState: (state: StreamState) => void; onEvent: (event: MessageEvent<string>) => void };

export class Followed {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private lastId = "";
  private readonly types = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly heard: Heard,
  ) {
    this.connect();
  }

  /** Events of this type are heard, too. */
  hear(type: string): void {
    if (this.types.has(type)) return;
    this.types.add(type);
    this.source?.addEventListener(type, this.onEvent as EventListener);
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private connect(): void {
    const source = new EventSource(this.withPlace(), { withCredentials: true });
    source.onopen = () => {
      this.pauseMs = FIRST_PAUSE_MS;
      this.heard.onState("open");
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.later();
      else this.heard.onState("connecting");
    };
    source.onmessage = this.onEvent;
    for (const type of this.types) source.addEventListener(type, this.onEvent as EventListener);
    this.source = source;
  }

  private later(): void {
    this.source = null;
    this.heard.onState("refused");
    this.timer = setTimeout(() => this.connect(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** A new connection goes on behind the last event of the one before. */
  private withPlace(): string {
    if (!this.lastId) return this.url;
    return `${this.url}${this.url.includes("?") ? "&" : "?"}after=${encodeURIComponent(this.lastId)}`;
  }

  private readonly onEvent = (event: MessageEvent<string>): void => {
    if (event.lastEventId) this.lastId = event.lastEventId;
    this.heard.onEvent(event);
  };
}
