// `export const config`: what a hook may use. The same can stand in `aerocall.toml`; where both speak, the tighter holds.

/**
 * A host: `api.example.com` (on the ports of http and https), `api.example.com:8443`, `*.example.com` (everything below it,
 * not itself), `*` (everything).
 */
export type HostPattern = string;

/** The capabilities of a hook; everything else is refused. Without a declaration, those that the compiler finds in the code. */
export interface Capabilities {
  auth?: boolean;
  cache?: boolean;
  db?: boolean;
  /** Hosts that the hook can send requests to. `true` declares no hosts: the project's allow-list decides, and it must exist. */
  http?: boolean | readonly HostPattern[];
  queue?: boolean;
  /** Names of the secrets that the hook can use. `true`: all secrets of the project. */
  secrets?: boolean | readonly string[];
}

/** Limits of one invocation; the server can set lower ones. */
export interface Limits {
  /** Fuel: about one unit per instruction; 10,000,000 is roughly one millisecond. */
  fuel?: number;
  /** Memory of the instance, including the engine. */
  memoryBytes?: number;
  /** Wall-clock time of the invocation, including waiting. */
  deadlineMs?: number;
  payloadBytes?: number;
  replyBytes?: number;
  /** Later lines are dropped and counted. */
  logLines?: number;
  logBytes?: number;
  /** Number of host calls, including those of the log. */
  hostCalls?: number;
  /** Bytes transferred by host calls, both directions together. */
  hostBytes?: number;
  /** Bytes of host calls (arguments and results) stored with the invocation. */
  recordBytes?: number;
  /** Rows returned by all queries together. */
  dbRows?: number;
  /** Time of one SQL statement. */
  dbStatementMs?: number;
  /** Number of HTTP requests. */
  httpRequests?: number;
  /** Size of one HTTP response, after decompression. */
  httpResponseBytes?: number;
  emails?: number;
  queueMessages?: number;
}

/**
 * Cron patterns by schedule name, each with a handler `cron.<name>`: minute, hour, day of the month, month, day of
 * the week, in UTC. `"0 3 * * *"` is three o'clock every night.
 */
export type Schedules = Readonly<Record<string, string>>;

/**
 * Events and messages that are handled in order, with the path in `event.data` of the value that groups them (messages with
 * the same value are handled one after the other): `{ "auth.user.updated": "user.id" }`, `{ "queue.sync": "customer" }`.
 */
export type Order = Readonly<Record<string, string>>;

/**
 * Priority of events and messages when the project has more of them than it can handle at the same time:
 * `{ "queue.reports": "low" }`. Default `normal`; `auth.otp.send` is `high`, because somebody waits for the code.
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

/** Returns the configuration unchanged; checks its type. */
export declare function defineConfig(config: Config): Config;
