// A busy environment in front of a server that is not: the stream of invocations brings copies of one that really was, so many a second.
// Everything else is the server's own.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pass } from "./pages.ts";

export interface Busy {
  url: string;
  stop(): Promise<void>;
}

type One = { id: string };

export async function manyInvocations(program: string, sample: One, perSecond: number): Promise<Busy> {
  let made = 0;
  const next = () => ({ ...sample, id: `${sample.id.slice(0, -8)}${(made++).toString().padStart(8, "0")}` });
  const streams = new Set<ServerResponse>();
  const timer = setInterval(() => {
    for (const stream of streams) {
      const one = next();
      stream.write(`id: ${one.id}\nevent: invocation\ndata: ${JSON.stringify(one)}\n\n`);
    }
  }, 1000 / perSecond);
  const server = createServer((asked, answer) => {
    if (!/\/invocations\/stream(\?|$)/.test(asked.url ?? "")) return pass(program, asked, answer);
    answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    answer.flushHeaders();
    streams.add(answer);
    answer.on("close", () => streams.delete(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
