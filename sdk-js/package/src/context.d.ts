// Who calls, where and when: the first argument of every hook. Mirrors `context` in wit/types.wit.

/** Information about the invocation, besides its payload. */
export interface Context {
  /** The project the hook belongs to. */
  readonly projectId: string;
  /** `production`, `development`, … */
  readonly environment: string;
  /** The request being answered; the client sees it in `x-request-id`. */
  readonly requestId: string;
  /** Id of this invocation. */
  readonly invocationId: string;
  /** The hook point or event: `beforeSignup`, `auth.signup`, `queue.mails`. */
  readonly hook: string;
  /** As in the API reference, `POST /auth/register`; empty for events. */
  readonly endpoint: string;
  /** ISO 8601, UTC: `2026-01-31T12:00:00.000Z`. */
  readonly time: string;
  /** 1 for the first attempt; failed handlers of events are retried. */
  readonly attempt: number;
  /** The HTTP request behind a flow; absent for events. */
  readonly request?: RequestInfo;
  /** The version of the hook that is running. */
  readonly version: VersionInfo;
}

/** The context of a lifecycle hook, which always has a request. */
export interface RequestContext extends Context {
  readonly request: RequestInfo;
}

/** The HTTP request that a flow is answering. */
export interface RequestInfo {
  /** IP address of the client, according to the server's proxy settings. */
  readonly ip: string;
  readonly userAgent: string;
  /** `POST` */
  readonly method: string;
  /** `/auth/register` */
  readonly path: string;
  /** BCP 47, from `accept-language`; `en` when the client names none. */
  readonly locale: string;
  /** The request headers that hooks may see; names in lower case. */
  readonly headers: { readonly [name: string]: string };
}

/** Which version of a hook is running. */
export interface VersionInfo {
  /** 1, 2, 3 … in order of upload; 0 when the bundle is not deployed. */
  readonly number: number;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}
