// Which live hooks use a secret, by the capabilities that they declare. It also finds secrets that hooks use and nobody has set.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";

const CAPABILITY = "secrets:";

export function usedBy(hooks: readonly LiveHook[], secret: string): string[] {
  return hooks.filter((hook) => hook.capabilities.includes(`${CAPABILITY}${secret}`)).map((hook) => hook.name);
}

/** Names that live hooks declare and that are not among those set. */
export function missing(hooks: readonly LiveHook[], set: readonly string[]): { name: string; hooks: string[] }[] {
  const declared = hooks.flatMap((hook) => hook.capabilities.filter((one) => one.startsWith(CAPABILITY)));
  const names = [...new Set(declared.map((one) => one.slice(CAPABILITY.length)))];
  return names
    .filter((name) => !set.includes(name))
    .sort()
    .map((name) => ({ name, hooks: usedBy(hooks, name) }));
}
