// Secrets that live hooks declare and nobody has set: where a hook uses one, it fails.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";

const CAPABILITY = "secrets:";

export type Missing = { name: string; hooks: string[] };

export function missing(hooks: readonly LiveHook[], set: readonly string[]): Missing[] {
  const byName = new Map<string, string[]>();
  for (const hook of hooks) {
    for (const capability of hook.capabilities) {
      if (!capability.startsWith(CAPABILITY)) continue;
      const name = capability.slice(CAPABILITY.length);
      if (!set.includes(name)) byName.set(name, [...(byName.get(name) ?? []), hook.name]);
    }
  }
  return [...byName].map(([name, users]) => ({ name, hooks: users })).sort((a, b) => a.name.localeCompare(b.name));
}
