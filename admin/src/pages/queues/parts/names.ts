// What the name of a queue says: messages of hooks, an event for one script hook, or a schedule of one.

export type QueueKind = "messages" | "event" | "schedule";
export type QueueName = { kind: QueueKind /** Without the hook. */; title: string; hook: string | null };

/** `greet` are messages, `auth.signup/crm-sync` is an event for a hook, `cron.cleanup/nightly` a schedule. */
export function readName(queue: string): QueueName {
  const slash = queue.lastIndexOf("/");
  if (slash < 0) return { kind: "messages", title: queue, hook: null };
  const title = queue.slice(0, slash);
  const hook = queue.slice(slash + 1);
  if (title.startsWith("cron.")) return { kind: "schedule", title: title.slice("cron.".length), hook };
  return { kind: "event", title, hook };
}

export const KINDS: Record<QueueKind, string> = { messages: "messages", event: "event", schedule: "schedule" };
