// A receiver of webhooks on this machine: it keeps what it got, and answers as the test says.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  id: string;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers from now on. */
  answer: { status: number; body: string };
  stop(): Promise<void>;
}

/** The server's setting that lets its requests reach this machine. */
export const REACHES_LOOPBACK = { AEROCALL_EGRESS_PRIVATE_NETWORKS: "127.0.0.1/32" };

export async function receive(): Promise<Receiver> {
  const receiver: Receiver = { url: "", received: [], answer: { status: 200, body: "" }, stop: async () => {} };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      receiver.received.push({ id: String(request.headers["webhook-id"]), body: Buffer.concat(chunks).toString() });
      response.writeHead(receiver.answer.status, { "content-type": "text/plain" }).end(receiver.answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  receiver.stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return receiver;
}
