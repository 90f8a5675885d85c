// `export const config`: what a hook may use. The same can stand in `aerocall.toml`; where both speak, the tighter holds.

/**
 * A host: `api.example.com` (on the ports of http and https), `api.example.com:8443`, `*.example.com` (everything below it,
 * not itself), `*` (everything).
 */
export type HostPattern = string;

/** What a hook may touch: the rest is refused. Without a declaration it is what the code is seen to use. */
export interface Capabilities {
  auth?: boolean;
  cache?: boolean;
  db?: boolean;
  /** The hosts it may send requests to. `true` names none: then the project must have an allow-list. */
  http?: boolean | readonly HostPattern[];
  queue?: boolean;
  /** The secrets it may use, by name. `true`: all of the project's. */
  secrets?: boolean | readonly string[];
}

/** What one call may use; the server may give less. */
export interface Limits {
  /** About one unit per instruction; 10,000,000 is roughly a millisecond. */
  fuel?: number;
  /** Memory of the instance, the engine's included. */
  memoryBytes?: number;
  /** For the whole call, waiting included. */
  deadlineMs?: number;
  payloadBytes?: number;
  replyBytes?: number;
  /** Later lines are dropped and counted. */
  logLines?: number;
  logBytes?: number;
  /** Calls of the SDK, the log's included. */
  hostCalls?: number;
  /** What crosses in calls of the SDK, both ways together. */
  hostBytes?: number;
  /** What is kept of arguments and answers with the record of the call. */
  recordBytes?: number;
  /** Rows of all queries together. */
  dbRows?: number;
  /** Time of one statement. */
  dbStatementMs?: number;
  /** Requests to other hosts. */
  httpRequests?: number;
  /** Of one answer, decompressed. */
  httpResponseBytes?: number;
  emails?: number;
  queueMessages?: number;
}

/**
 * When a hook is called at set times, by the name of its handler `cron.<name>`: minute, hour, day of the month, month, day of
 * the week, in UTC. `"0 3 * * *"` is three o'clock every night.
 */
export type Schedules = Readonly<Record<string, string>>;

/**
 * Events and messages that are handled one after the other, and the path in `event.data` of what tells which of them follow one
 * another: `{ "auth.user.updated": "user.id" }`, `{ "queue.sync": "customer" }`.
 */
export type Order = Readonly<Record<string, string>>;

/**
 * Events and messages that go before or after the others of the project when there are more than can be handled at once:
 * `{ "queue.reports": "low" }`. `normal` unless said otherwise; `auth.otp.send` is `high`, because somebody waits for the code.
 */
export type Priorities = Readonly<Record<string, "high" | "normal" | "low">>;

/** The type of `export const config`. */
export interface Config {
  capabilities?: Capabilities;
  limits?: Limits;
  schedules?: Schedules;
  order?: Order;
  priority?: Priorities;
}

/** Gives the configuration back, with its type checked. */
export declare function defineConfig(config: Config): Config;
