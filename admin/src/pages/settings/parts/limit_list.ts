// Every limit of an invocation: its words, its unit, and what it is about. Names and meaning are those of docs/sdk.md.
import type { LimitSettings } from "../../../api/queries/settings.ts";

export type LimitName = keyof LimitSettings;
export type Limit = {
  name: LimitName;
  title: string;
  unit: string;
  kind: "bytes" | "milliseconds" | "count";
  hint?: string;
};
export type LimitGroup = { title: string; lead?: string; limits: readonly Limit[] };

export const LIMITS: readonly LimitGroup[] = [
  {
    title: "Work and memory",
    limits: [
      {
        name: "deadlineMs",
        title: "Time",
        unit: "ms",
        kind: "milliseconds",
        hint: "From begin to end, waiting included.",
      },
      { name: "fuel", title: "Fuel", unit: "", kind: "count", hint: "10,000,000 is about one millisecond of work." },
      { name: "memoryBytes", title: "Memory", unit: "bytes", kind: "bytes" },
      { name: "payloadBytes", title: "Payload", unit: "bytes", kind: "bytes" },
      { name: "replyBytes", title: "Reply", unit: "bytes", kind: "bytes" },
    ],
  },
  {
    title: "Calls to the server",
    limits: [
      { name: "hostCalls", title: "Host calls", unit: "calls", kind: "count", hint: "Of all capabilities together." },
      {
        name: "hostBytes",
        title: "Bytes of host calls",
        unit: "bytes",
        kind: "bytes",
        hint: "Both directions together.",
      },
      { name: "dbRows", title: "Rows of queries", unit: "rows", kind: "count" },
      { name: "dbStatementMs", title: "One statement", unit: "ms", kind: "milliseconds" },
      { name: "httpRequests", title: "HTTP requests", unit: "requests", kind: "count" },
      { name: "httpResponseBytes", title: "One HTTP response", unit: "bytes", kind: "bytes" },
      { name: "emails", title: "Mails", unit: "mails", kind: "count" },
      { name: "queueMessages", title: "Messages to queues", unit: "messages", kind: "count" },
    ],
  },
  {
    title: "What is recorded",
    limits: [
      {
        name: "logLines",
        title: "Log lines",
        unit: "lines",
        kind: "count",
        hint: "Later lines are dropped and counted.",
      },
      { name: "logBytes", title: "Size of the log", unit: "bytes", kind: "bytes" },
      {
        name: "recordBytes",
        title: "Recorded host calls",
        unit: "bytes",
        kind: "bytes",
        hint: "What is over it is cut and marked.",
      },
    ],
  },
];

export const LIMIT_NAMES: Record<string, string> = Object.fromEntries(
  LIMITS.flatMap((group) => group.limits.map((limit) => [limit.name, limit.title])),
);
