// Server-sent events that answer a request: a browser's own reader can only send GET, and has no way to end with an error in words.
// The format is that of the HTML standard (9.2.6): https://html.spec.whatwg.org/multipage/server-sent-events.html

export type SentEvent = { type: string; data: string };

/** One event may have this many characters: more is not from this server. */
const MAX_EVENT = 4 * 1024 * 1024;

/** Takes the text of a stream in any pieces, and gives back the events that are complete. */
export class EventParser {
  private rest = "";
  private type = "";
  private data: string[] = [];
  private size = 0;
  private isFirst = true;

  push(piece: string): SentEvent[] {
    const text = this.rest + (this.isFirst ? piece.replace(/^\uFEFF/, "") : piece);
    if (piece !== "") this.isFirst = false;
    const events: SentEvent[] = [];
    let from = 0;
    for (const end of text.matchAll(/\r\n|\n|\r/g)) {
      // The other half of this line end may be in the next piece.
      if (end[0] === "\r" && end.index === text.length - 1) break;
      const event = this.line(text.slice(from, end.index));
      if (event) events.push(event);
      from = end.index + end[0].length;
    }
    this.rest = text.slice(from);
    this.check(this.size + this.rest.length);
    return events;
  }

  /** An empty line ends an event; everything else is a field of it, or a comment. */
  private line(line: string): SentEvent | null {
    if (line === "") return this.ended();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.type = value;
    if (field === "data") {
      this.data.push(value);
      this.size += value.length;
      this.check(this.size);
    }
    return null;
  }

  private ended(): SentEvent | null {
    const event = this.data.length > 0 ? { type: this.type || "message", data: this.data.join("\n") } : null;
    this.type = "";
    this.data = [];
    this.size = 0;
    return event;
  }

  private check(size: number): void {
    if (size > MAX_EVENT) throw new Error("The server sent an event that is too large to be one.");
  }
}

/** The events of the body of an answer, as they come. What was not complete at its end is none. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<SentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Whoever stops reading ends the request; an end that was reached already is no error.
    await reader.cancel().catch(() => {});
  }
}
