// The schedules of the live hooks of an environment.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";

export type Schedule = {
  /** `digest/greet`: names of schedules are those of their hook. */
  id: string;
  hook: string;
  name: string;
  /** Minute, hour, day of the month, month, day of the week; in UTC. */
  pattern: string;
  isOn: boolean;
  queue: string;
};

export function schedulesOf(hooks: readonly LiveHook[]): Schedule[] {
  return hooks.flatMap((hook) =>
    Object.entries(hook.schedules).map(([name, pattern]) => ({
      id: `${name}/${hook.name}`,
      hook: hook.name,
      name,
      pattern,
      isOn: hook.state === "enabled",
      queue: `cron.${name}/${hook.name}`,
    })),
  );
}
