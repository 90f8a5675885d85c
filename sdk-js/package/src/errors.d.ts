// The two error classes of the SDK. Mirrors `error` in wit/types.wit.

/** One set of codes for the whole SDK. */
export type AerocallErrorCode =
  /** The capability exists but is not offered here. */
  | "unavailable"
  /** The hook did not declare it. */
  | "capability_not_declared"
  /** Refused by a rule. */
  | "denied"
  | "invalid_argument"
  | "not_found"
  | "conflict"
  | "too_large"
  /** A budget of this call or of the project is used up. */
  | "limit_exceeded"
  | "timeout"
  /** The back end cannot be reached right now. */
  | "backend_unavailable"
  | "internal";

/** What the SDK throws. */
export declare class AerocallError extends Error {
  constructor(message?: string, options?: { code?: AerocallErrorCode; retryable?: boolean; cause?: unknown });
  readonly code: AerocallErrorCode;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
}

/** Thrown by a hook that refuses a request. */
export declare class Deny extends Error {
  constructor(message?: string, options?: { code?: string; status?: number });
  readonly code: string | undefined;
  readonly status: number | undefined;
}
