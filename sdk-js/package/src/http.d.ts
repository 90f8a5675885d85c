// `Aerocall.http`: requests to hosts on the project's allow-list. Mirrors wit/http.wit; `fetch` does the same.
import type { JsonInput } from "./json.js";

/** A request as `sendAll` takes it. */
export type HttpRequest = string | URL | Request | (RequestInit & { url: string | URL });

/** Requests to other hosts. Requests that are started together are sent concurrently. */
export interface Http {
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  get(url: string | URL, init?: RequestInit): Promise<Response>;
  /** Sends the data as JSON. */
  post(url: string | URL, data: JsonInput, init?: RequestInit): Promise<Response>;
  /** The responses, in the order of the requests. */
  sendAll(requests: Iterable<HttpRequest>): Promise<Response[]>;
}
