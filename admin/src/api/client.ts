// The only client of the server: typed calls, the CSRF token on every change, a fresh proof where one is asked for, and errors
// that are all of one type.
import { QueryClient } from "@tanstack/react-query";
import createClient from "openapi-fetch";
import type { paths } from "../../../docs/openapi.d.ts";
import { ApiError, asApiError, readError } from "./errors.ts";
import { currentCsrfToken, freshProof, keepCsrfToken, signedOut } from "./session.ts";

export const ADMIN = "/admin/api/v1";
export const PROJECT = "/admin/api/v1/projects/{project}";
export const ENVIRONMENT = "/admin/api/v1/projects/{project}/environments/{environment}";

/** Where a page is: what most paths begin with. */
export type Place = { project: string; environment: string };

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Typed calls: `await ok(api.GET(`${ENVIRONMENT}/users`, { params: { path: place, query } }))`. */
export const api = createClient<paths>({ fetch: send, querySerializer: { array: { style: "form", explode: true } } });

/** The body of an answer; throws `ApiError` for every refusal. */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  return (await answer(call)).data;
}

/** The body and the headers of an answer, for those who need the `ETag`. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<{ data: T; response: Response }> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw asApiError(thrown);
  });
  if (!response.ok) throw readError(response, error);
  return { data: data as T, response };
}

async function send(request: Request): Promise<Response> {
  const again = SAFE.has(request.method) ? null : request.clone();
  const response = await sendOnce(request);
  if (response.status !== 401 && response.status !== 403) return response;
  const code = await codeOf(response);
  // Another 401 says that a password or a code was wrong, not that the session has ended.
  if (code === "unauthorized" && !isSignIn(request)) signedOut();
  if (!again) return response;
  if (code === "fresh_proof_required" && (await freshProof())) return sendOnce(again);
  // The token belongs to the session: another tab may have begun a new one.
  if (code === "csrf_refused" && !isSignIn(request) && (await renewCsrfToken())) return sendOnce(again);
  return response;
}

function sendOnce(request: Request): Promise<Response> {
  const token = currentCsrfToken();
  const headers = new Headers(request.headers);
  if (token && !SAFE.has(request.method)) headers.set("x-csrf-token", token);
  return fetch(new Request(request, { headers, credentials: "same-origin", cache: "no-store" }));
}

/** Requests by which somebody gets in, who has no session yet. */
function isSignIn(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return (
    /\/(setup|session|session\/totp|invitations\/accept|password-reset(\/confirm)?)$/.test(path) &&
    request.method === "POST"
  );
}

async function codeOf(response: Response): Promise<string | null> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return readError(response, body).code;
}

async function renewCsrfToken(): Promise<boolean> {
  const response = await fetch(`${ADMIN}/session`, { credentials: "same-origin", cache: "no-store" });
  if (!response.ok) return false;
  const session: { csrfToken?: string | null } = await response.json();
  const isNew = session.csrfToken !== currentCsrfToken();
  keepCsrfToken(session.csrfToken);
  return isNew && Boolean(session.csrfToken);
}

/** What was read is shown at once and read again; what may pass is tried again, what was refused is not. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.isPassing,
      retryDelay: (count, error) =>
        error instanceof ApiError && error.retryAfterSeconds
          ? Math.min(error.retryAfterSeconds, 30) * 1000
          : Math.min(500 * 2 ** count, 5_000),
    },
    mutations: { retry: false },
  },
});

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
  }
}
