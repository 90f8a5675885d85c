// The two error classes of the SDK. Mirrors `error` in wit/types.wit.

/** The error codes of the SDK. */
export type AerocallErrorCode =
  /** The capability exists but is not offered here. */
  | "unavailable"
  /** The hook does not declare the capability. */
  | "capability_not_declared"
  /** A rule does not permit it. */
  | "denied"
  | "invalid_argument"
  | "not_found"
  | "conflict"
  | "too_large"
  /** A limit of this invocation or of the project is exceeded. */
  | "limit_exceeded"
  | "timeout"
  /** The backend is not available. */
  | "backend_unavailable"
  | "internal";

/** The error that the SDK throws. */
export declare class AerocallError extends Error {
  constructor(message?: string, options?: { code?: AerocallErrorCode; retryable?: boolean; cause?: unknown });
  readonly code: AerocallErrorCode;
  /** Whether the same call may succeed later unchanged. */
  readonly retryable: boolean;
}

/** Thrown by a hook to deny a request. */
export declare class Deny extends Error {
  constructor(message?: string, options?: { code?: string; status?: number });
  readonly code: string | undefined;
  readonly status: number | undefined;
}
