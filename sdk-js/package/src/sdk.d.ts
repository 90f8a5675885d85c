// The third argument of every hook.
import type { Auth } from "./auth.js";
import type { Cache } from "./cache.js";
import type { Db } from "./db.js";
import type { AerocallError, Deny } from "./errors.js";
import type { Http } from "./http.js";
import type { Log } from "./log.js";
import type { Queue } from "./queue.js";
import type { Secrets } from "./secrets.js";

/** The SDK. It gives access to the hook's own project and environment only. */
export interface Aerocall {
  readonly auth: Auth;
  readonly db: Db;
  readonly cache: Cache;
  readonly Queue: Queue;
  /** Another name for `Queue`. */
  readonly queue: Queue;
  readonly http: Http;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly Deny: typeof Deny;
  readonly AerocallError: typeof AerocallError;
}
