// `@aerocall/hooks/testing`: runs hooks in tests, in the sandbox of the server, by starting the program `aerocall`. For Node.js,
// with any test runner; a hook itself cannot import it.
import type { AerocallErrorCode } from "./errors.js";
import type { Event, EventData, EventName } from "./events.js";
import type { HookPoint, Patch, Payloads } from "./payloads.js";

/** What a hook file handles: a hook point, an event, a queue or a schedule. */
export type Handled = HookPoint | EventName;

/** An event; all but its `data` is made up where it is left out. */
export type TestEvent<Name extends EventName> = { readonly data: EventData<Name> } & Partial<
  Omit<Event<Name>, "data" | "type">
>;

/** What goes into the hook. A password is given as `given.password`: the payload gets its handle from that. */
export type TestPayload<Name extends Handled> = Name extends HookPoint
  ? Omit<Payloads[Name], "password">
  : Name extends EventName
    ? TestEvent<Name>
    : never;

/** Changes to the context. The time is 2026-01-01T00:00:00Z unless it is given. */
export interface TestContext {
  readonly projectId?: string;
  readonly environment?: string;
  readonly requestId?: string;
  readonly invocationId?: string;
  readonly endpoint?: string;
  /** ISO 8601, UTC. */
  readonly time?: string;
  readonly attempt?: number;
  readonly request?: {
    readonly ip?: string;
    readonly userAgent?: string;
    readonly method?: string;
    readonly path?: string;
    readonly locale?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly version?: { readonly number?: number };
}

/** A response of another host, for one request. */
export type GivenExchange = {
  /** What the request must be. What is left out does not matter, except the method: `GET`. */
  readonly request: {
    readonly method?: string;
    readonly url: string;
    /** A secret stands there as `[secret NAME]`. */
    readonly headers?: Readonly<Record<string, string>>;
    /** A text as it is; anything else as JSON. */
    readonly body?: unknown;
  };
} & (
  | {
      readonly response: {
        readonly status?: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
      };
    }
  | { readonly error: "timeout" | "backend_unavailable" }
);

/** What is there before the call: `given` of a test case. Requests to other hosts without a response given here are refused. */
export interface Given {
  /** Entries of the cache, by key. */
  readonly cache?: Readonly<Record<string, unknown>>;
  readonly users?: readonly {
    readonly id?: string;
    readonly email: string;
    readonly name?: string;
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly publicMetadata?: Readonly<Record<string, unknown>>;
    readonly password?: string;
  }[];
  /** SQL statements that fill the tables of `migrations/`. */
  readonly rows?: readonly string[];
  /** The password that the client sent. */
  readonly password?: string;
  /** By name; alone, a value may be sent to every host that the hook declares. */
  readonly secrets?: Readonly<Record<string, string | { readonly value: string; readonly hosts: readonly string[] }>>;
  readonly http?: readonly GivenExchange[];
}

/** How the program is found and stopped. */
export interface ProgramOptions {
  /** The program; else the one that `AEROCALL_BIN` names, else `aerocall` on the `PATH`. */
  readonly program?: string;
  /** Where relative paths begin; the directory of this process unless it is given. */
  readonly cwd?: string | URL;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
}

/** One call of a hook. */
export interface TestCall<Name extends Handled> extends ProgramOptions {
  /** The hook point or event, such as `beforeSignup`, `auth.signup`, `queue.mails`, `cron.cleanup`. */
  readonly hook: Name;
  readonly payload: TestPayload<Name>;
  readonly context?: TestContext;
  readonly given?: Given;
  /** Host calls that fail, with what: `{ "db.query#2": "timeout" }` (the second query), `{ "http.send": "backend_unavailable" }`. */
  readonly fail?: Readonly<Record<string, AerocallErrorCode>>;
}

/** Why a hook made no decision. */
export interface HookError {
  /** Of the error that was thrown, such as `TypeError`; else `Error`. */
  readonly name: string;
  readonly message: string;
  /** Of the failure, such as `hook_exception` or `hook_timeout`: docs/errors.md. */
  readonly code: string;
  /** `code` of the error that was thrown, if it has one. */
  readonly thrownCode?: string;
  /** Frames in the author's files, and causes; empty if nothing was thrown. */
  readonly stack: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The lines around it. */
  readonly frame?: string;
}

/** The decision, or why there is none. Each has the members of `reply` of `aerocall run --json`. */
export type TestReply<Name extends Handled> =
  | { readonly kind: "allow" }
  | { readonly kind: "deny"; readonly code: string; readonly message: string; readonly status: number }
  | (Name extends HookPoint ? { readonly kind: "patch"; readonly patch: Patch<Name> } : never)
  | { readonly kind: "failure"; readonly code: string; readonly message: string; readonly error: object };

/** A call from the hook to the server: what it asked and did. */
export interface HostCall {
  /** `cache.get`, `db.query`, `queue.enqueue`, … */
  readonly name: string;
  readonly arguments: readonly unknown[];
  /** The answer, or the error. */
  readonly answer: unknown;
  readonly milliseconds: number;
}

/** What came of a call. */
export interface HookResult<Name extends Handled> {
  readonly hook: Name;
  /** Of the bundle: `sha256:…`. */
  readonly digest: string;
  readonly decision: TestReply<Name>["kind"];
  readonly reply: TestReply<Name>;
  /** Only with the decision `failure`. */
  readonly error: HookError | undefined;
  readonly logs: readonly { readonly level: "debug" | "info" | "warn" | "error"; readonly message: string }[];
  /** About one unit per instruction. */
  readonly fuel: number;
  readonly memoryPeakBytes: number;
  readonly milliseconds: number;
  readonly hostCalls: readonly HostCall[];
}

/** A test case of a project that was run. */
export interface CaseResult {
  /** Relative to the project. */
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  /** What is not as it must be. */
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

/** Nothing was run: there is no program, the hook cannot be built, or what was given makes no sense. */
export declare class TestingError extends Error {
  /**
   * `program_not_found`; `build_failed`: the message has the diagnostics, each with file, line and column; `hook_unavailable`: no such
   * hook in the file; `invalid_input`: what was given, or a setting; `failed`: anything else.
   */
  readonly code: "program_not_found" | "build_failed" | "hook_unavailable" | "invalid_input" | "failed";
}

/**
 * Runs a hook once. The path is a hook file, the folder of a Rust hook, a bundle, or a project in which one file has the hook.
 *
 * A hook that throws is a result with the decision `failure`; {@link TestingError} is thrown when nothing could be run.
 */
export declare function testHook<Name extends Handled>(
  path: string | URL,
  call: TestCall<Name>,
): Promise<HookResult<Name>>;

/** Runs the test cases (`tests/**\/*.json`) of a project, as `aerocall test` does; `filter`: those whose file or name contains it. */
export declare function testCases(
  directory?: string | URL,
  options?: ProgramOptions & { readonly filter?: string },
): Promise<readonly CaseResult[]>;
