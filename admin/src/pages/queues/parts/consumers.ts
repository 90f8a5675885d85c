// Which live hook handles the jobs of a queue.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";
import { readName } from "./names.ts";

/** None if nothing that is live handles it: then its jobs wait. */
export function consumerOf(queue: string, hooks: readonly LiveHook[]): LiveHook | undefined {
  const name = readName(queue);
  const handled = name.hook === null ? `queue.${queue}` : name.kind === "schedule" ? `cron.${name.title}` : name.title;
  return hooks.find((hook) => (name.hook === null || hook.name === name.hook) && hook.events.includes(handled));
}
