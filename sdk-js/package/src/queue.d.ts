// `Aerocall.Queue`: jobs for the project's own handlers. Mirrors wit/queue.wit.
import type { JsonInput } from "./json.js";

/** How a job is put into a queue. */
export interface EnqueueOptions {
  /** 0 to 604,800 (7 days). */
  delaySeconds?: number;
  /** A second message with the same key is the same job, as long as the job is kept. */
  idempotencyKey?: string;
}

/** Background jobs, handled by `on["queue.<name>"]`, at least once each. They start only if the request succeeds. */
export interface Queue {
  enqueue(queue: string, message: JsonInput, options?: EnqueueOptions): Promise<{ id: string }>;
}
