// What an invocation changed, read from what it asked of the server, and whether that stayed: what is staged is dropped when the
// hook denies or fails, the cache and requests to other hosts are not.
import type { HostCall } from "../../../api/queries/invocations.ts";

export type EffectKind = "cache" | "database" | "job" | "mail" | "user" | "sessions" | "request";

export type Effect = {
  kind: EffectKind;
  /** The host call that asked for it, from 1. */
  call: number;
  /** Whether it outlived the invocation. */
  remains: boolean;
  detail: unknown;
};

/** Takes effect when it is asked for, whatever the hook decides. */
const IMMEDIATE: readonly EffectKind[] = ["cache", "request"];

export function effectsOf(calls: readonly HostCall[], outcome: string): Effect[] {
  const isKept = outcome === "allow" || outcome === "patch";
  return calls.flatMap((call, index) => {
    const kind = kindOf(call);
    if (!kind) return [];
    return [{ kind, call: index + 1, remains: isKept || IMMEDIATE.includes(kind), detail: call.arguments }];
  });
}

function kindOf(call: HostCall): EffectKind | undefined {
  if (errorOf(call)) return undefined;
  switch (call.name) {
    case "cache.set":
    case "cache.increment":
      return "cache";
    case "cache.delete":
    case "cache.setIfAbsent":
      return call.answer === true ? "cache" : undefined;
    case "db.execute":
    case "db.transaction.execute":
      return "database";
    case "queue.enqueue":
      return "job";
    case "auth.sendEmail":
      return "mail";
    case "auth.updateUser":
      return "user";
    case "auth.revokeSessions":
      return "sessions";
    case "http.send":
      return changesElsewhere(call) ? "request" : undefined;
    default:
      return undefined;
  }
}

/** Whether one of the requests is of a method that changes something, and was answered. */
function changesElsewhere(call: HostCall): boolean {
  if (!Array.isArray(call.arguments) || !Array.isArray(call.answer)) return false;
  const answers: unknown[] = call.answer;
  return call.arguments.some((request: unknown, index) => {
    const method = member(request, "method");
    return method !== "GET" && method !== "HEAD" && typeof member(answers[index], "status") === "number";
  });
}

/** The error that a host call was answered with, if it was; of several requests, the first. */
export function errorOf(call: HostCall): { code: string; message: string } | undefined {
  const answers: unknown[] = Array.isArray(call.answer) ? call.answer : [call.answer];
  const error = answers.map((answer) => member(answer, "error")).find((one) => one !== undefined && one !== null);
  if (error === undefined) return undefined;
  const code = member(error, "code");
  const message = member(error, "message");
  return { code: typeof code === "string" ? code : "error", message: typeof message === "string" ? message : "" };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
