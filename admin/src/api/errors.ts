// What the server answers when it refuses, as one type: code, message, problems by field, and the id by which its log is found.

/** A field of a request and what is wrong with it. */
export type FieldProblem = { field: string; problem: string };

/** The code of an answer that never came: the server cannot be reached. */
export const UNREACHABLE = "unreachable";

type Told = {
  code: string;
  message: string;
  status: number;
  requestId?: string | null;
  hook?: string | null;
  problems?: FieldProblem[];
  retryAfterSeconds?: number | null;
  conflict?: unknown;
};

/** A request that the server refused, or that did not reach it. */
export class ApiError extends Error {
  readonly code: string;
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  readonly requestId: string | null;
  /** The hook that denied the request or failed. */
  readonly hook: string | null;
  readonly problems: readonly FieldProblem[];
  readonly retryAfterSeconds: number | null;
  /** Both sides of a conflict (`draft_conflict`, `deployment_conflict`, …). */
  readonly conflict: unknown;

  constructor(told: Told, cause?: unknown) {
    super(told.message, { cause });
    this.name = "ApiError";
    this.code = told.code;
    this.status = told.status;
    this.requestId = told.requestId ?? null;
    this.hook = told.hook ?? null;
    this.problems = told.problems ?? [];
    this.retryAfterSeconds = told.retryAfterSeconds ?? null;
    this.conflict = told.conflict ?? null;
  }

  /** What is wrong with a field, or with what is in it (`limits.memory` belongs to `limits`). */
  problemOf(field: string): string | undefined {
    return this.problems.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.problem;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return (
      this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
    );
  }
}

/** What a failed request is, whatever was thrown. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof TypeError || (thrown instanceof DOMException && thrown.name !== "AbortError")) {
    return new ApiError({ code: UNREACHABLE, status: 0, message: "The server cannot be reached." }, thrown);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError({ code: "page_error", status: 0, message }, thrown);
}

/** Reads the answer of a refusal. A proxy's page instead of the server's JSON is reported as such. */
export function readError(response: Response, body: unknown): ApiError {
  const header = response.headers;
  const retryAfter = Number(header.get("retry-after"));
  const common = {
    status: response.status,
    requestId: header.get("x-request-id"),
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  };
  const error = isRecord(body) && isRecord(body.error) ? body.error : null;
  if (!error || typeof error.code !== "string") {
    const message = `The server answered with status ${response.status} and no explanation.`;
    return new ApiError({ ...common, code: `http_${response.status}`, message });
  }
  return new ApiError({
    ...common,
    code: error.code,
    message: typeof error.message === "string" ? error.message : error.code,
    requestId: typeof error.request_id === "string" ? error.request_id : common.requestId,
    hook: typeof error.hook === "string" ? error.hook : null,
    problems: readProblems(error.details),
    conflict: error.conflict,
  });
}

function readProblems(details: unknown): FieldProblem[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((one) =>
    isRecord(one) && typeof one.field === "string" && typeof one.problem === "string"
      ? [{ field: one.field, problem: one.problem }]
      : [],
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
