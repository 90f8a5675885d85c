// A request of the auth API as it is typed in the Test tab, and what is sent of it.
import type { TryRequest } from "../../../api/queries/tries.ts";

export type TryMode = "dry-run" | "live";
/** Which version of a hook runs instead of the live one. */
export type Use = Record<string, "draft" | number>;

export type Typed = {
  mode: TryMode;
  path: string;
  /** One per line: `name: value`. */
  headers: string;
  /** JSON; empty for none. */
  body: string;
  use: Use;
  /** Responses of other hosts: a list in JSON; empty for none. */
  http: string;
};

/** A hook that runs inside of the request. */
export type TriedHook = { name: string /** Its live version. */; live: number; hasDraft: boolean };

export type Problems = Partial<Record<"path" | "headers" | "body" | "http", string>>;

export function problemsOf(typed: Typed): Problems {
  const problems: Problems = {};
  const missing = typed.path.match(/\{\w+\}/)?.[0];
  if (!typed.path.startsWith("/auth/")) problems.path = "The path begins with /auth/";
  else if (missing) problems.path = `Put a value in the place of ${missing}`;
  const bad = linesOf(typed.headers).find((line) => !/^[\w-]+\s*:/.test(line));
  if (bad) problems.headers = `“${bad}” is no header: write name: value`;
  const body = parse(typed.body);
  if (body.problem) problems.body = body.problem;
  else if (body.value !== undefined && !isObject(body.value)) problems.body = "The body is a JSON object";
  const http = parse(typed.http);
  if (http.problem) problems.http = http.problem;
  else if (http.value !== undefined && !Array.isArray(http.value)) problems.http = "The responses are a list";
  return problems;
}

/** What is sent. Only for what has no problems. */
export function requestOf(method: TryRequest["method"], typed: Typed): TryRequest {
  const headers = headersOf(typed.headers);
  const body = parse(typed.body).value;
  const http = parse(typed.http).value;
  return {
    method,
    path: typed.path,
    mode: typed.mode,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(isObject(body) ? { body } : {}),
    ...(Object.keys(typed.use).length > 0 ? { use: typed.use } : {}),
    ...(Array.isArray(http) && typed.mode === "dry-run" ? { http } : {}),
  };
}

export function headersOf(text: string): Record<string, string> {
  const pairs = linesOf(text).map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function parse(text: string): { value?: unknown; problem?: string } {
  if (text.trim() === "") return {};
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
