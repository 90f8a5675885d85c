// `Aerocall.Queue`: jobs for the project's own handlers. Mirrors wit/queue.wit.
import type { JsonInput } from "./json.js";

/** Options of a job. */
export interface EnqueueOptions {
  /** Delay in seconds, 0 to 604,800 (7 days). */
  delaySeconds?: number;
  /** A second message with the same key is the same job, as long as the job is stored. */
  idempotencyKey?: string;
}

/** Background jobs, handled by `on["queue.<name>"]` at least once each. They start only if the request is committed. */
export interface Queue {
  enqueue(queue: string, message: JsonInput, options?: EnqueueOptions): Promise<{ id: string }>;
}
