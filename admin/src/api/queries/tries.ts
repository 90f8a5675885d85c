// Requests of the auth API that are tried from end to end: on copies, or in the environment itself.
import type { HostCall, LogLine, Reply } from "../../../../docs/openapi.d.ts";

export type TryRequest = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  headers?: Record<string, unknown>;
  body?: Record<string, unknown>;
  mode?: "dry-run" | "live";
  use?: Record<string, "draft" | number>;
  http?: Record<string, unknown>[];
};
export type TriedRequest = {
  id: string;
  mode: "dry-run" | "live";
  deployment: number;
  request: { method: string; path: string; headers: Record<string, string>; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
  steps: TryStep[];
  effects: TryEffect[];
  effectsDropped: number;
  wouldRun: { kind: "script_hook" | "webhook"; name: string; cause: string }[];
  changedNothing: boolean;
};
export type TryStep = {
  kind: "request" | "point" | "hook" | "commit";
  name: string;
  hook?: string;
  version?: number;
  outcome: string;
  at: string;
  offsetUs: number;
  durationUs: number;
  fuel?: number;
  reply?: Reply;
  logs: LogLine[];
  hostCalls: HostCall[];
};
export type TryEffect = {
  kind:
    | "user"
    | "session"
    | "token"
    | "identity"
    | "factor"
    | "mail"
    | "job"
    | "event"
    | "audit"
    | "other"
    | "cache"
    | "database"
    | "request";
  operation: "insert" | "update" | "delete" | "call";
  name: string;
  hook: string | null;
  remains: boolean;
  before: unknown;
  after: unknown;
};
