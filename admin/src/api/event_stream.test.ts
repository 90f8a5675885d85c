import { describe, expect, it } from "vitest";
import { EventParser, eventsOf, type SentEvent } from "./event_stream.ts";

function parsed(...pieces: string[]): SentEvent[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe("events of a stream", () => {
  it("have a name and data, and end with an empty line", () => {
    expect(parsed('event: text\ndata: {"delta":"a"}\n\nevent: done\ndata: {}\n\n')).toEqual([
      { type: "text", data: '{"delta":"a"}' },
      { type: "done", data: "{}" },
    ]);
  });

  it("are called message without a name, and the name holds for one event", () => {
    expect(parsed("event: a\ndata: 1\n\ndata: 2\n\n").map((event) => event.type)).toEqual(["a", "message"]);
  });

  it("are the same wherever the stream is cut", () => {
    const stream = "\uFEFF: begin\r\nevent: text\r\ndata: one\r\ndata:two\r\n\r\nevent:done\rdata\r\rdata: é😀\n\n";
    const whole = parsed(stream);
    expect(whole).toEqual([
      { type: "text", data: "one\ntwo" },
      { type: "done", data: "" },
      { type: "message", data: "é😀" },
    ]);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      expect(parsed(stream.slice(0, cut), stream.slice(cut))).toEqual(whole);
    }
    expect(parsed(...stream)).toEqual(whole);
  });

  it("leave out comments, fields that nobody knows, and events without data", () => {
    expect(parsed(": still here\n\nevent: text\n\nid: 4\nretry: 10\nunknown: x\ndata: 1\n\n")).toEqual([
      { type: "message", data: "1" },
    ]);
  });

  it("take only one space away, and keep colons", () => {
    expect(parsed("data:  a: b\n\n")).toEqual([{ type: "message", data: " a: b" }]);
  });

  it("are none before they are complete", () => {
    expect(parsed("event: done\ndata: {}\n")).toEqual([]);
  });

  it("are refused if one never ends", () => {
    const parser = new EventParser();
    const piece = "x".repeat(1024 * 1024);
    expect(() => {
      for (let n = 0; n < 6; n += 1) parser.push(n === 0 ? `data: ${piece}` : piece);
    }).toThrow("too large");
    const many = new EventParser();
    expect(() => {
      for (let n = 0; n < 6; n += 1) many.push(`data: ${piece}\n`);
    }).toThrow("too large");
  });
});

describe("the body of an answer", () => {
  const bytes = new TextEncoder().encode("event: text\ndata: é😀\n\nevent: done\ndata: {}\n\ndata: cut");

  it("is read byte by byte", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const events: SentEvent[] = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual([
      { type: "text", data: "é😀" },
      { type: "done", data: "{}" },
    ]);
  });

  it("is let go of by whoever stops reading", async () => {
    let isCanceled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        isCanceled = true;
      },
    });
    for await (const event of eventsOf(body)) {
      if (event.type === "done") break;
    }
    expect(isCanceled).toBe(true);
  });
});
